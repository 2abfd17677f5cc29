import CZlib
import TestSupport
import Testing

@testable import DeviceSimulator

@Suite("The flash of a simulated camera is one that can be checked")
struct CameraFlashTests {
  static let kernel = 0xE_0000..<0xE_0000 + 0xC3C00
  static let romfs = 0x1B_0000..<0x1F_0000

  static func flash(seed: UInt64 = 5) throws -> [UInt8] {
    let unit = SimulatedUnit.camera(seed: seed)
    return try #require(try UnitMemory(unit.memory).bytes(at: 0x7F00_0000, count: 0x20_0000))
  }

  @Test("ls and chk tell what the footers say")
  func list() throws {
    let device = try DrivenDevice(.camera())
    #expect(
      device.type("ls\r")
        == ReadableBytes(
          """
          ls\n\rImage: 7 name:linux.bin base:0x7f0e0000 size:0x000c3c00 exec:0x00008000 -acxz\n\r\
          Image: 6 name:romfs.img base:0x7f1b0000 size:0x00040000 exec:0x7f1b0000 -af\n\r\n\r\rbootloader >\u{20}
          """))
    #expect(
      device.type("chk\r")
        == ReadableBytes(
          "chk\n\rImage check finished. 0 checksum error found.\n\r\n\r\rbootloader > "))
    _ = device.device.storage.memory.write([0], at: 0x7F0E_1234)
    _ = device.device.storage.memory.write([1], at: 0x7F0E_1238)
    #expect(
      device.type("chk 7\r")
        == ReadableBytes(
          "chk 7\n\rERROR: Image 7 checksum error found !\n\rImage check finished. 1 checksum error found.\n\r\n\r\rbootloader > "
        ))
  }

  @Test("the kernel is one gzip stream that fills its image")
  func gzip() throws {
    let image = Array(try Self.flash()[Self.kernel])
    var stream = z_stream()
    let ready = inflateInit2_(&stream, MAX_WBITS + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    #expect(ready == Z_OK)
    defer { inflateEnd(&stream) }
    var input = image
    var plain = [UInt8](repeating: 0, count: 8 << 20)
    let code = input.withUnsafeMutableBufferPointer { source in
      plain.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        return inflate(&stream, Z_FINISH)
      }
    }
    #expect(code == Z_STREAM_END)
    #expect(stream.avail_in == 0)
    #expect(stream.total_out > UInt(image.count))
  }

  @Test("the romfs has a right magic, size, sums and files")
  func romfs() throws {
    let image = Array(try Self.flash()[Self.romfs])
    func word(_ offset: Int) -> UInt32 { image[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) } }
    func sum(_ range: Range<Int>) -> UInt32 {
      stride(from: range.lowerBound, to: range.upperBound, by: 4).reduce(0) { $0 &+ word($1) }
    }
    func name(_ offset: Int) -> String { String(decoding: image[offset...].prefix { $0 != 0 }, as: UTF8.self) }
    #expect(name(0).hasPrefix("-rom1fs-"))
    #expect(word(8) == 0x40000)
    #expect(sum(0..<512) == 0)
    var files: [String] = []
    var offset = 32
    while offset != 0 {
      files.append(name(offset + 16))
      #expect(sum(offset..<offset + 32) == 0)
      offset = Int(word(offset) & ~15)
    }
    #expect(files == [".", "..", "version", "init.sh", "mac.ini", "camera"])
  }

  @Test(
    "a footer stands at the end of the last block, or of the next where 52 bytes are not free",
    arguments: [
      (0xC3C00, 0xD_0000 - 52), (0x10000 - 52, 0x10000 - 52), (0x10000 - 48, 0x20000 - 52), (0x40000, 0x50000 - 52),
    ])
  func footerPlace(length: Int, place: Int) {
    #expect(ImageFooter.offset(imageAt: 0, length: length, blockSize: 0x10000) == place)
  }

  @Test("a footer is read back, and not when one bit of it is wrong")
  func footer() throws {
    let flash = try Self.flash()
    var bytes = Array(flash[0x1A_FFCC..<0x1B_0000])
    let footer = try #require(ImageFooter(bytes))
    #expect(footer.name == "linux.bin")
    #expect(footer.imageChecksum == ImageFooter.checksum(Array(flash[Self.kernel])))
    bytes[3] ^= 4
    #expect(ImageFooter(bytes) == nil)
  }

  @Test("equal seeds give equal flash, others other flash")
  func seeds() throws {
    let flash = try Self.flash()
    #expect(try Self.flash() == flash)
    #expect(try Self.flash(seed: 6) != flash)
  }

  @Test(
    "images that cannot be made are refused",
    arguments: [
      CameraFlash.Image(number: 1, name: "a", kind: .kernel, address: 0x7F00_1000, size: 0x10000),
      .init(number: 1, name: "a", kind: .kernel, address: 0x7F1F_0000, size: 0x10000),
      .init(number: 1, name: "a", kind: .romfs, address: 0x7F01_0000, size: 0x1004),
      .init(number: 1, name: "a", kind: .kernel, address: 0x7F01_0000, size: 0x100),
      .init(number: 1, name: "sixteen letters!", kind: .kernel, address: 0x7F01_0000, size: 0x10000),
    ])
  func refused(image: CameraFlash.Image) {
    #expect(throws: SimulatorError.self) {
      try CameraFlash(images: [image], seed: 1).image(base: 0x7F00_0000, size: 0x20_0000)
    }
  }
}
