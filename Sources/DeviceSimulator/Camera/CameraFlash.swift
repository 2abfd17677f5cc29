/// The flash of an IP camera with a Winbond W90N745: a boot area, then images in blocks of their own, each with the
/// footer by which the boot loader finds it.
public struct CameraFlash: Decodable, Sendable {
  /// One image in the flash.
  public struct Image: Decodable, Sendable {
    /// What an image is made of.
    public enum Kind: String, Decodable, Sendable, CaseIterable {
      /// A gzip stream of compressible data that fills the whole length.
      case kernel
      /// A romfs with several small files that fills the whole length.
      case romfs
    }
    /// The boot loader's number for it.
    public var number: Int
    /// Name in the footer; at most 15 characters.
    public var name: String
    /// What it is.
    public var kind: Kind
    /// Address of its first byte; at the start of a flash block.
    public var address: Quantity
    /// Length in bytes; a multiple of 4 and, for a romfs, of 1024.
    public var size: Quantity

    /// An image of `size` bytes at `address`.
    public init(number: Int, name: String, kind: Kind, address: Quantity, size: Quantity) {
      self.number = number
      self.name = name
      self.kind = kind
      self.address = address
      self.size = size
    }
  }

  /// The images, in any order.
  public var images: [Image]
  /// What the content follows from; two cameras with equal seeds hold the same bytes.
  public var seed: UInt64

  /// The blocks that this flash erases and that footers stand in, in bytes.
  public static let blockSize = 0x10000

  /// A flash with these images.
  public init(images: [Image], seed: UInt64) {
    self.images = images
    self.seed = seed
  }

  /// All bytes of a flash of `size` bytes mapped at `base`.
  func image(base: UInt64, size: Int) throws -> [UInt8] {
    var flash = [UInt8](repeating: ContentSource.erased, count: size)
    let boot = bootArea()
    flash.replaceSubrange(0..<min(boot.count, size), with: boot.prefix(size))
    for image in images { try place(image, in: &flash, base: base) }
    return flash
  }

  /// The boot loader itself: the first bytes are those of a real camera, the rest follows from the seed.
  private func bootArea() -> [UInt8] {
    // openipcam.com forum topic 39, `d -b 0x7F000000`.
    var bytes: [UInt8] = [
      0xB4, 0x01, 0x9F, 0xE5, 0xB4, 0x11, 0x9F, 0xE5, 0x00, 0x10, 0x80, 0xE5, 0x00, 0x00, 0x0F, 0xE1,
      0xC0, 0x00, 0x80, 0xE3, 0x00, 0xF0, 0x21, 0xE1, 0x00, 0x00, 0xA0, 0xE3, 0xA0, 0x11, 0x9F, 0xE5,
    ]
    SeededWords(seed: seed ^ 0xB007).append(bytes.count, 0xC000 - bytes.count, to: &bytes)
    return bytes
  }

  private func place(_ image: Image, in flash: inout [UInt8], base: UInt64) throws {
    let offset = Int(truncatingIfNeeded: image.address.value &- base)
    let footerOffset = ImageFooter.offset(imageAt: offset, length: image.size.int, blockSize: Self.blockSize)
    guard
      image.address.value >= base, offset.isMultiple(of: Self.blockSize), image.size.int.isMultiple(of: 4),
      (1...15).contains(image.name.utf8.count), footerOffset + ImageFooter.size <= flash.count
    else {
      throw SimulatorError(
        "image \(image.name) at \(hex(image.address.value)), \(hex(image.size.value)) bytes, does not fit: a name has 1 "
          + "to 15 characters, the address is that of a block of \(hex(UInt64(Self.blockSize))) in the flash at "
          + "\(hex(base)), the size is a multiple of 4, and 52 bytes are free behind it for the footer")
    }
    let bytes = try content(of: image)
    flash.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    let footer = ImageFooter(image: image, bytes: bytes).encoded
    flash.replaceSubrange(footerOffset..<footerOffset + footer.count, with: footer)
  }

  private func content(of image: Image) throws -> [UInt8] {
    let imageSeed = seed &+ UInt64(image.number) &* 0x1_0000_0001
    switch image.kind {
    case .kernel: return try CompressedKernel(seed: imageSeed).stream(length: image.size.int)
    case .romfs: return try RomfsVolume(seed: imageSeed).image(length: image.size.int)
    }
  }
}
