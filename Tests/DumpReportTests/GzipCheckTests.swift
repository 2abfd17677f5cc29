import DumpEngine
import Testing

@testable import DumpReport

@Suite("The gzip check")
struct GzipCheckTests {
  static let text = GzipSpecimen.text(5000)
  static let packed = GzipSpecimen(content: text)
  static let sealed = GzipSpecimen(content: text, hasHeaderCRC: true)
  static let junk = (0..<777).map { UInt8(truncatingIfNeeded: $0 &* 37) }

  private func check(_ image: [UInt8], at offset: Int? = nil) -> CheckResult {
    GzipCheck(offset: offset).run(on: image.span)
  }

  @Test(
    "passes a whole stream, with any header, anywhere, whatever follows it",
    arguments: [
      packed, sealed, GzipSpecimen(content: text, hasFields: true),
      GzipSpecimen(content: text, hasFields: true, hasHeaderCRC: true), GzipSpecimen(content: text, level: 0),
      GzipSpecimen(content: []), GzipSpecimen(content: [1]), GzipSpecimen(content: GzipSpecimen.text(300_000)),
    ], [[], junk])
  func passes(specimen: GzipSpecimen, around: [UInt8]) {
    let image = around + specimen.bytes + around
    let message =
      "gzip at \(around.count.hex): \(specimen.content.count.grouped) bytes unpacked from "
      + "\(specimen.bytes.count.grouped), CRC right"
    #expect(check(image, at: around.count) == CheckResult(kind: "gzip", passed: true, message: message))
    #expect(check(image) == CheckResult(kind: "gzip", passed: true, message: message))
  }

  @Test("fails when any byte is another, the header's own CRC included")
  func anyByte() {
    let bytes = Self.sealed.bytes
    for index in bytes.indices {
      var image = bytes
      image[index] ^= 0xFF
      #expect(!check(image, at: 0).passed, "byte \(index), at offset")
      #expect(!check(image).passed, "byte \(index), found")
    }
  }

  @Test("fails when any bit is another")
  func anyBit() {
    let bytes = GzipSpecimen(content: Array(Self.text.prefix(1500)), hasHeaderCRC: true, codesRepetitions: false).bytes
    for bit in 0..<bytes.count * 8 {
      var image = bytes
      image[bit / 8] ^= 1 << (bit % 8)
      let result = check(image, at: 0)
      // What is left of the last byte before the trailer belongs to no code and carries nothing.
      let isPadding = bit / 8 == bytes.count - 9 && bit % 8 > 0
      #expect(!result.passed || isPadding, "bit \(bit): \(result.message)")
    }
  }

  @Test("fails without a header CRC, too, but for the fields that RFC 1952 lets nothing cover")
  func uncoveredFields() {
    let bytes = Self.packed.bytes
    let uncovered = 4..<10
    for index in bytes.indices where !uncovered.contains(index) {
      var image = bytes
      image[index] ^= 0xFF
      #expect(!check(image, at: 0).passed, "byte \(index)")
    }
  }

  @Test("fails when the image ends at any place within the stream")
  func truncated() {
    let bytes = Self.packed.bytes
    for count in 0..<bytes.count {
      #expect(!check(Array(bytes.prefix(count)), at: 0).passed, "\(count) bytes, at offset")
      #expect(!check(Array(bytes.prefix(count))).passed, "\(count) bytes, found")
    }
  }

  @Test("says what is wrong and where")
  func messages() {
    let bytes = Self.packed.bytes
    let size = bytes.count
    func damaged(_ index: Int) -> [UInt8] {
      var image = bytes
      image[index] ^= 0xFF
      return image
    }
    #expect(
      check(damaged(size - 8), at: 0).message
        == "gzip at 0x0: CRC wrong after 5,000 bytes of output: the stream is damaged")
    #expect(
      check(damaged(size - 1), at: 0).message
        == "gzip at 0x0: length wrong after 5,000 bytes of output: the stream is damaged")
    #expect(check(damaged(0), at: 0).message == "gzip at 0x0: no gzip header there: expected 1F 8B")
    #expect(
      check(Array(bytes.dropLast()), at: 0).message
        == "gzip at 0x0: the image ends after 5,000 bytes of output, in the middle of the stream")
    #expect(
      check(bytes, at: size).message
        == "gzip at \(size.hex): the image ends before that, at \(size.hex); correct the offset")
    #expect(check(bytes, at: -1).message.hasPrefix("gzip at -0x1: the image ends before that"))
    #expect(
      check(Self.junk).message
        == "gzip: expected 1F 8B 08 and the rest of a gzip header somewhere, found none in 777 bytes; "
        + "see whether the region is the right one")
    #expect(check([]).passed == false)
  }

  @Test("names the place of a data error")
  func dataError() throws {
    // A stored block's length and its complement no longer agree.
    var image = GzipSpecimen(content: Self.text, level: 0).bytes
    image[11] ^= 1
    #expect(
      check(Self.junk + image).message
        == "gzip at 0x309: data error after 0 bytes of output (image offset 0x318, invalid stored block lengths): "
        + "the stream is damaged")
  }

  @Test("is not misled by bytes that only look like a header")
  func falseHeaders() {
    let constant: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    let result = check(constant + Self.packed.bytes + constant)
    #expect(result.passed, "\(result.message)")
    #expect(result.message.hasPrefix("gzip at 0x10: 5,000 bytes"))
    #expect(check(constant + constant).message.hasSuffix(" (2 places looked like a gzip header)"))
  }

  @Test("does not let an intact stream hide a damaged one")
  func hiddenDamage() {
    var damaged = GzipSpecimen(content: GzipSpecimen.text(20_000)).bytes
    damaged[damaged.count / 2] ^= 0x10
    for image in [damaged + Self.packed.bytes, Self.packed.bytes + damaged] {
      let result = check(image)
      #expect(!result.passed, "\(result.message)")
      #expect(result.message.hasSuffix("(2 places looked like a gzip header)"), "\(result.message)")
    }
  }

  @Test("does not look inside a stream that is right")
  func nested() {
    let outer = GzipSpecimen(content: Self.packed.bytes + Self.packed.bytes.dropLast(), level: 0)
    let result = check(outer.bytes)
    #expect(result.passed, "\(result.message)")
    #expect(!result.message.contains("more"))
    #expect(check(Self.packed.bytes + Self.sealed.bytes).message.hasSuffix("CRC right; 1 more right"))
  }

  @Test("gives up on a stream that unpacks without end", arguments: [nil, 0])
  func bomb(offset: Int?) {
    let bomb = GzipSpecimen(content: [UInt8](repeating: 0, count: 1 << 20)).bytes
    var bounded = GzipCheck(offset: offset)
    bounded.mostOutput = 1 << 19
    let result = bounded.run(on: bomb.span)
    #expect(!result.passed)
    #expect(result.message.contains("gave up after ") && result.message.hasSuffix(": more than this check unpacks"))
  }

  @Test("gives up on headers whose names go on to the image's end")
  func endlessNames() {
    // Each of them makes the unpacker read the whole rest of the image for nothing.
    let header: [UInt8] = [0x1F, 0x8B, 8, 8, 1, 1, 1, 1, 2, 3]
    let image = Array([[UInt8]](repeating: header, count: 9000).joined())
    let result = check(image)
    #expect(!result.passed)
    #expect(result.message.contains("gave up"), "\(result.message)")
  }

  @Test("gives up on too many headers")
  func tooManyHeaders() {
    let header: [UInt8] = [0x1F, 0x8B, 8, 0, 1, 1, 1, 1, 2, 3, 0xFF]
    let image = Array([[UInt8]](repeating: header, count: GzipCheck.mostCandidates + 1).joined())
    #expect(check(image).message == "gzip: gave up after 10,000 headers; give the check an offset")
  }
}
