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
}
