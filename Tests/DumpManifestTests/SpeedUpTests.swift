import Testing

@testable import DumpManifest

/// A slot and what it does about its line rate.
struct SpeedUpCase: Sendable, CustomTestStringConvertible {
  let name: String
  var console = #""dialect": "u-boot""#
  var slot = #""tty": "t""#
  var policy = ""
  let expected: SpeedUp
  var testDescription: String { name }

  static let reset = #", "reset": { "command": ["relay"] }"#
  /// A dialect none of whose failed steps leaves the console behind.
  static let safe = #"""
    { "name": "safe", "title": "S", "prompt": { "pattern": "> " }, "wake": { "clear": "\u0003" },
      "reads": [{ "name": "d", "command": "d {address} {length}", "layout": {} }],
      "speedChange": { "command": "speed {speed:d}", "rates": [9600, 57600], "strands": false } }
    """#

  static let all: [SpeedUpCase] = [
    SpeedUpCase(name: "U-Boot strands: the rate stays", expected: .never),
    SpeedUpCase(
      name: "a reset is a way back", slot: #""tty": "t""# + reset, expected: .allowed(to: 921_600)),
    SpeedUpCase(
      name: "so are the adapter's lines", slot: #""tty": "t", "reset": { "lines": [{ "rts": true }] }"#,
      expected: .allowed(to: 921_600)),
    SpeedUpCase(
      name: "the W90's rates end lower", console: #""dialect": "winbond-w90""#, slot: #""tty": "t""# + reset,
      expected: .allowed(to: 460_800)),
    SpeedUpCase(
      name: "a line that is as fast already", console: #""dialect": "u-boot", "speed": 921600"#,
      slot: #""tty": "t""# + reset, expected: .never),
    SpeedUpCase(name: "no line behind a link", slot: #""link": "tcp://h:1""# + reset, expected: .never),
    SpeedUpCase(name: "the manifest names it", policy: #""speedUp": { "to": 500000 }"#, expected: .named(to: 500_000)),
    SpeedUpCase(
      name: "the manifest forbids it", slot: #""tty": "t""# + reset, policy: #""speedUp": "never""#, expected: .never),
    SpeedUpCase(
      name: "the slot forbids what the manifest names", slot: #""tty": "t", "policy": { "speedUp": "never" }"#,
      policy: #""speedUp": { "to": 230400 }"#, expected: .never),
    SpeedUpCase(
      name: "the slot names another", slot: #""tty": "t", "policy": { "speedUp": { "to": 460800 } }"#,
      policy: #""speedUp": "never""#, expected: .named(to: 460_800)),
    SpeedUpCase(
      name: "a console that does not strand", console: #""dialect": "safe", "speed": 9600"#,
      expected: .allowed(to: 57_600)),
  ]
}

@Suite("The line rate is raised by itself only where no failed step needs a person")
struct SpeedUpTests {
  @Test("a slot's rate", arguments: SpeedUpCase.all)
  func policy(row: SpeedUpCase) throws {
    let dialects = row.console.contains("safe") ? #", "dialects": { "safe": \#(SpeedUpCase.safe) }"# : ""
    let plan = try plan(
      #"""
      {"name": "m", "slots": [{"name": "a", \#(row.slot)}], "console": {\#(row.console)},
       "regions": [{"name": "r", "address": 0, "size": 1}], "policy": {\#(row.policy)}\#(dialects)}
      """#)
    let slot = try #require(plan.slots.first)
    #expect(slot.policy.speedUp == row.expected)
    let limit = row.expected.limit.map { " (up to \($0))" } ?? ""
    #expect(SlotSummary(slot).line == "\(slot.console.speed) 8N1\(limit)")
  }
}
