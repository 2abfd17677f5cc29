import Testing

@testable import ConsoleDialect

@Suite struct ByteOrderProbeTests {
  @Test(arguments: [
    ("d00dfeed", "edfe0dd0", 4, ByteOrder?.some(.little)), ("d00dfeed", "d00dfeed", 4, .big),
    ("78563412", "56781234", 2, .little), ("1122334455667788", "8877665544332211", 8, .little),
    ("00000000", "00000000", 4, nil), ("12211221", "12211221", 2, .big), ("12211221", "12211221", 4, .big),
    ("12344321", "21433412", 4, .little), ("12343412", "12343412", 4, nil), ("11221122", "22112211", 1, nil),
    ("d00dfeed", "d00dfe", 4, nil), ("", "", 4, nil),
    ("12211212", "12211212", 2, .big), ("1221", "1221", 2, .big), ("1212", "1212", 2, nil),
    ("deadbeef", "feedface", 4, nil),
  ])
  func twoReadsOfTheSameBytesDecide(memory: String, printed: String, cellBytes: Int, order: ByteOrder?) {
    let found = ByteOrderProbe.order(
      memory: Bytes(hex: memory).bytes, printed: Bytes(hex: printed).bytes, cellBytes: cellBytes)
    #expect(found == order)
  }

  @Test(arguments: [
    ("4142434445464748", 4, true), ("4142434441424344", 4, true), ("4142434400000000", 4, true),
    // All dots, palindromes, cells of one byte, and too little to be sure of.
    ("0102030480818283", 4, false), ("4142424143444443", 4, false), ("4142434445464748", 1, false),
    ("4102030400000000", 4, false),
  ])
  func theColumnDecidesWhereItSpeaksAgainstTheOtherOrder(memory: String, cellBytes: Int, isTold: Bool) throws {
    let methods = try #require(try Dialect.builtIn(named: "u-boot")).reads
    let method = try #require(methods.first { $0.layout.cellBytes == cellBytes })
    #expect(ByteOrderProbe.isTold(byColumnOf: method.layout, showing: Bytes(hex: memory).bytes) == isTold)
  }
}
