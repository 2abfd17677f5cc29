import Testing

@testable import ConsoleDialect

@Suite("A command line tells what it was about")
struct CommandReadingTests {
  private static let places: [(UInt64, Int)] = [
    (0, 8), (0x7F02_0000, 256), (0xFFFF_FFF0, 16), (0x1_0400_0000, 65536), (0xABC8, 0x1234_5678),
  ]

  @Test("of each built-in dialect", arguments: Dialect.builtInNames)
  func builtIn(name: String) throws {
    let dialect = try #require(try Dialect.builtIn(named: name))
    for (address, length) in Self.places {
      for method in dialect.reads {
        let range = try #require(method.request(command: method.command(address: address, length: length)))
        let cells = (length + method.layout.cellBytes - 1) / method.layout.cellBytes * method.layout.cellBytes
        #expect(range == CommandRange(address: address, length: method.fixedLength ?? cells), "\(method.name)")
        #expect(method.request(command: method.command(address: address, length: length) + "x") == nil)
      }
      for method in dialect.digests {
        let command = method.command(address: address, length: length)
        #expect(method.request(command: command) == CommandRange(address: address, length: length), "\(command)")
      }
    }
  }

  @Test(
    "only where each number is written as the template writes it",
    arguments: [
      ("d {address:08X} {length:d}", "d 0000ABCD 16", ["address": 0xABCD, "length": 16]),
      ("d {address:08X} {length:d}", "d 123456789 16", ["address": 0x1_2345_6789, "length": 16]),
      ("d {address:08X} {length:d}", "d 0000abcd 16", nil), ("d {address:08X} {length:d}", "d ABCD 16", nil),
      ("d {address:08X} {length:d}", "d 0000ABCD 016", nil), ("d {address:08X} {length:d}", "d 0000ABCD 1A", nil),
      ("d {address}b{length}", "d 1bb2", ["address": 0x1B, "length": 2]), ("d {address}", "d 1ffffffffffffffff", nil),
      ("d {address} {address}", "d 1 1", ["address": 1]), ("d {address} {address}", "d 1 2", nil),
      ("{{d {address}", "{d 7", ["address": 7]), ("d {address}", "d ", nil), ("d {address}", "", nil),
    ] as [(String, String, [String: UInt64]?)])
  func formats(template: String, line: String, values: [String: UInt64]?) throws {
    #expect(try CommandTemplate(template).values(in: line) == values)
  }

  @Test(
    "a length may be told in any of its ways",
    arguments: [
      (["address": 16, "length": 5], 5), (["address": 16, "count": 5], 20), (["address": 16, "lines": 5], 80),
      (["address": 16, "end": 21], 5), (["address": 16, "last": 21], 6), (["address": 16], nil), (["length": 5], nil),
      (["address": 16, "length": 0], nil), (["address": 16, "count": .max], nil), (["address": 16, "end": 15], nil),
      (["address": 0, "last": .max], nil),
    ] as [([String: UInt64], Int?)])
  func lengths(values: [String: UInt64], length: Int?) {
    let range = CommandRange(values, cellBytes: 4, lineBytes: 16)
    #expect(range?.length == length)
  }
}
