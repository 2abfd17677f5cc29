import Testing

@testable import ConsoleDialect

@Suite struct W90ImageFooterTests {
  /// A footer made word by word from the loader's structure, with sums computed here in another way.
  private func footer(name: String, length: UInt32, imageChecksum: UInt32) -> [UInt8] {
    var words: [UInt32] = [7, 0x7F0E_0000, length, 0x8000, 0x8000]
    var letters = Array(name.utf8)
    letters += [UInt8](repeating: 0, count: 16 - letters.count)
    words += stride(from: 0, to: 16, by: 4).map { UInt32(littleEndianBytes: letters[$0..<($0 + 4)]) }
    words += [imageChecksum, 0xA0FF_FF9F, 0x17]
    let sum = words.reduce(UInt64(0)) { $0 + UInt64($1) }
    words.append(UInt32(truncatingIfNeeded: ~((sum & 0xFFFF_FFFF) + (sum >> 32))))
    return words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) } }
  }

  @Test func fieldsAreRead() throws {
    let fields = try #require(
      W90ImageFooter.parse(footer(name: "linux.bin", length: 0xC3C00, imageChecksum: 0x1234_5678)))
    #expect(fields.number == 7 && fields.base == 0x7F0E_0000 && fields.length == 0xC3C00)
    #expect(fields.loadAddress == 0x8000 && fields.execAddress == 0x8000 && fields.type == 0x17)
    #expect(fields.name == "linux.bin" && fields.imageChecksum == 0x1234_5678)
  }

  @Test func anyFlippedBitIsNoticed() {
    let good = footer(name: "romfs.img", length: 0x1000, imageChecksum: 1)
    for bit in 0..<(52 * 8) {
      var bad = good
      bad[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(W90ImageFooter.parse(bad) == nil, "bit \(bit)")
    }
    #expect(W90ImageFooter.parse(Array(good.dropLast())) == nil && W90ImageFooter.parse(good + [0]) == nil)
  }

  private static let sums: [(image: [UInt8], checksum: UInt32)] = [
    ([], .max), ([1, 0, 0, 0], 0xFFFF_FFFE), ([0xFF, 0xFF, 0xFF, 0xFF], 0),
    // Two words whose sum carries into the high half: 0x1_FFFF_FFFE, folded to 0xFFFF_FFFF.
    ([UInt8](repeating: 0xFF, count: 8), 0), ([2, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF], 0xFFFF_FFFD),
    ([1, 0, 0, 0, 9, 9, 9], 0xFFFF_FFFE),
  ]

  @Test(arguments: sums)
  func theSumIsFoldedAndInvertedAndOfWholeWords(image: [UInt8], checksum: UInt32) {
    #expect(W90ImageFooter.checksum(image) == checksum)
  }

  @Test(arguments: [
    (0x7F0E_0000, 0xC3C00, 0x7F1A_FFCC), (0x7F02_0000, 0xBCD7A, 0x7F0D_FFCC), (0x7F01_0000, 64, 0x7F01_FFCC),
    (0x7F01_0000, 0x10000, 0x7F02_FFCC), (0x7F01_0000, 0x10000 - 52, 0x7F01_FFCC),
    (0x7F01_0000, 0x10000 - 51, 0x7F02_FFCC), (0x7F01_0000, 0x10000 - 55, 0x7F01_FFCC),
    (0x7F01_0000, 0x10000 - 53, 0x7F01_FFCC),
  ])
  func itEndsTheLastBlockOrTheOneBehind(image: UInt64, size: Int, address: UInt64) {
    let place = W90ImageFooter.place(imageAddress: image, size: size, flashBlock: 0x10000)
    #expect(place.address == address && place.length == 52)
  }
}

extension UInt32 {
  fileprivate init(littleEndianBytes bytes: ArraySlice<UInt8>) {
    self = bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
