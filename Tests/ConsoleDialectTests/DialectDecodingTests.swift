import Foundation
import PositionedDocument
import Testing

@testable import ConsoleDialect

@Suite struct DialectDecodingTests {
  static let least = #"""
    {
      "name": "least", "title": "The least that a table can say",
      "prompt": { "pattern": "> " }, "wake": { "nudge": "\r" },
      "reads": [{ "name": "d", "command": "d {address} {length}", "layout": {} }]
    }
    """#

  @Test func whatIsLeftOutHasTheUsualValue() throws {
    let dialect = try JSONDecoder().decode(Dialect.self, from: Data(Self.least.utf8))
    #expect(dialect.speed == 115_200 && dialect.enter == "\r" && dialect.echo && dialect.typeAhead == 0)
    #expect(dialect.prompt.learn && dialect.prompt.replyEnds == nil && dialect.separator == nil)
    #expect(dialect.wake.clearRounds == 1 && dialect.wake.clear == "" && dialect.wake.autoboot == [])
    #expect(dialect.reads[0].align == 1 && dialect.reads[0].fixedLength == nil)
    #expect(dialect.reads[0].layout.lineBytes == 16 && dialect.reads[0].layout.gutter == nil)
    #expect(dialect.comparison == nil)
    #expect(dialect.digests == [] && dialect.failures == [] && dialect.speedChange == nil && dialect.footer == nil)
  }

  @Test func bothDecodersReadTheSame() throws {
    let bytes = Array(Self.least.utf8)
    let ours = try Document.parse(bytes, name: "least.json").decode(Dialect.self)
    #expect(ours == (try JSONDecoder().decode(Dialect.self, from: Data(bytes))))
  }

  @Test(arguments: [
    ("\"least\"", "\"U-Boot\"", "name: U-Boot is no name: lower-case letters, digits and dashes, up to 40"),
    (
      "\"nudge\": \"\\r\"", "\"nudge\": \"\"",
      "wake.clear: clear and nudge are both empty: nothing would bring a prompt"
    ),
    (
      "\"nudge\": \"\\r\"", "\"nudge\": \"\\r\", \"forbidden\": \"\\r\"",
      "wake.nudge: sends \\r, which is forbidden at this console's prompt"
    ),
    (
      "\"nudge\": \"\\r\"",
      "\"nudge\": \"\\r\", \"forbidden\": \"\\u001b\", \"autoboot\": "
        + "[{\"when\": \"x\", \"send\": \"a\\u001b\", \"every\": 1}]",
      "wake.autoboot.0.send: sends \\u{1B}, which is forbidden at this console's prompt"
    ),
    (
      "\"nudge\": \"\\r\"", "\"nudge\": \"\\r\", \"autoboot\": [{\"when\": \"x\", \"send\": \"\"}]",
      "wake.autoboot.0.send: an answer must send something"
    ),
    (
      "\"nudge\": \"\\r\"", "\"nudge\": \"\\r\", \"autoboot\": [{\"when\": \"x\", \"send\": \"a\", \"every\": 0}]",
      "wake.autoboot.0.every: 0.0 is not between 0.01 and 600 seconds"
    ),
    (
      "{address} {length}", "{addres} {length}",
      "reads.0.command: command \"d {addres} {length}\" uses {addres}; "
        + "known: {address}, {count}, {end}, {last}, {length}, {lines}"
    ),
    ("{address} {length}", "{length}", "reads.0.command: \"d {length}\" does not say where to read: {address}"),
    (
      "{address} {length}", "{address}",
      "reads.0.command: \"d {address}\" does not say how much to read: one of {length}, {count}, {lines}, {end}, {last}"
    ),
    (
      "\"layout\": {}", "\"fixedLength\": 24, \"layout\": {}",
      "reads.0.fixedLength: 24 is no multiple of a line, which has 16 bytes"
    ),
    (
      "\"layout\": {}", "\"fixedLength\": 4611686018427387904, \"layout\": {}",
      "reads.0.fixedLength: 4611686018427387904 bytes are more than 16777216 at once"
    ),
    (
      "\"layout\": {}", "\"align\": 33554432, \"layout\": {}",
      "reads.0.align: 33554432 bytes are more than 16777216 at once"
    ),
    (
      "\"layout\": {}", "\"align\": 2, \"layout\": {\"cellBytes\": 4}",
      "reads.0.align: 2 is no multiple of a cell, which has 4 bytes"
    ),
    (
      "\"layout\": {}", "\"align\": 16, \"maxLength\": 250, \"layout\": {}",
      "reads.0.maxLength: 250 is no multiple of align, which is 16"
    ),
    ("\"layout\": {}", "\"layout\": {\"cellBytes\": 3}", "reads.0.layout.cellBytes: 3 is none of 1, 2, 4, 8"),
    ("\"layout\": {}", "\"layout\": {\"cells\": 2000}", "reads.0.layout.cells: 2000 is not between 1 and 1024"),
    (
      "\"layout\": {}", "\"layout\": {\"addressDigits\": [8, 20]}",
      "reads.0.layout.addressDigits: an address has 1 to 16 digits"
    ),
    ("\"layout\": {}", "\"layout\": {\"addressBits\": 4}", "reads.0.layout.addressBits: 4 is not between 8 and 64"),
    (
      "\"layout\": {}", "\"layout\": {\"after\": \"\"}",
      "reads.0.layout.after: \"\" could not be told from the address: it must begin with no hex digit"
    ),
    (
      "\"layout\": {}", "\"layout\": {\"before\": \"a\\nb\"}",
      "reads.0.layout.before: must be up to 64 printable ASCII characters, blanks and tabs"
    ),
    (
      "\"layout\": {}", "\"layout\": {\"groups\": [{\"every\": 16, \"text\": \"-\"}]}",
      "reads.0.layout.groups.0.every: 16 is not between 1 and 15"
    ),
    (
      "\"layout\": {}", "\"layout\": {\"groups\": [{\"every\": 8, \"text\": \"c\"}]}",
      "reads.0.layout.groups.0.text: \"c\" could not be told from a cell: it begins with a hex digit"
    ),
    (
      "\"layout\": {}", "\"layout\": {\"unreadable\": \"xx\"}",
      "reads.0.layout.unreadable: \"xx\" is not one character that is no hex digit"
    ),
    (
      "\"layout\": {}", "\"layout\": {\"gutter\": {\"open\": \"|\"}}",
      "reads.0.layout.gutter.open: \"|\" must begin with a blank, which ends the last cell"
    ),
    (
      "\"layout\": {}", "\"layout\": {\"gutter\": {\"dot\": \"..\"}}",
      "reads.0.layout.gutter.dot: one ASCII character is expected, not \"..\""
    ),
    (
      "\"layout\": {}", "\"layout\": {\"gutter\": {\"printable\": [0, 255]}}",
      "reads.0.layout.gutter.printable: only bytes from 32 to 127 can be shown as themselves"
    ),
    (
      "\"reads\": [{", "\"reads\": [{ \"name\": \"d\", \"command\": \"e {address} {length}\", \"layout\": {} }, {",
      "reads.1.name: there are two methods named \"d\""
    ),
    ("\"title\"", "\"speed\": 0, \"title\"", "speed: 0 is no line rate in baud"),
    ("\"title\"", "\"enter\": \"x\", \"title\"", "enter: a command line ends with \\r, \\n or \\r\\n"),
    (
      "\"reads\": [{ \"name\": \"d\", \"command\": \"d ",
      "\"lineLimit\": 16, \"reads\": [{ \"name\": \"d\", \"command\": \"dump ",
      "reads.0.command: a command of 19 characters is longer than the console's line, which has 16"
    ),
    (
      "\"title\"", "\"speedChange\": {\"command\": \"b {rate}\", \"rates\": [9600]}, \"title\"",
      "speedChange.command: command \"b {rate}\" uses {rate}; known: {speed}"
    ),
    (
      "\"title\"", "\"speedChange\": {\"command\": \"b\", \"rates\": [9600]}, \"title\"",
      "speedChange.command: b does not say {speed:d}"
    ),
    (
      "\"title\"", "\"speedChange\": {\"command\": \"b {speed:d}\", \"rates\": [9600, -1]}, \"title\"",
      "speedChange.rates.1: -1 is no line rate in baud"
    ),
    (
      "\"title\"", "\"footer\": {\"kind\": \"w90\", \"flashBlock\": 1000}, \"title\"",
      "footer.flashBlock: 1000 is no power of two from 256"
    ),
    (
      "\"title\"",
      "\"digests\": [{\"algorithm\": \"crc32\", \"command\": \"crc {address} {length}\", \"reply\": \"x\"}], \"title\"",
      "digests.0.reply: \"x\" has no group ( ) that marks the digest"
    ),
    (
      "\"title\"",
      "\"digests\": [{\"algorithm\": \"crc32\", \"command\": \"crc {address}\", \"reply\": \"(x)\"}], \"title\"",
      "digests.0.command: \"crc {address}\" must say where, {address}, and how far: one of {length}, {end}, {last}"
    ),
    (
      "\"title\"",
      "\"comparison\": {\"command\": \"cmp {address} {other} {length}\", \"reply\": \"x\"}, \"title\"",
      "comparison.reply: \"x\" has no group ( ) that marks how many bytes were the same"
    ),
    (
      "\"title\"", "\"comparison\": {\"command\": \"cmp {address} {length}\", \"reply\": \"(x)\"}, \"title\"",
      "comparison.command: \"cmp {address} {length}\" must say what to compare: {address}, {other} and {length}"
    ),
    (
      "\"title\"", "\"comparison\": {\"command\": \"cmp {address} {end}\", \"reply\": \"(x)\"}, \"title\"",
      "comparison.command: command \"cmp {address} {end}\" uses {end}; known: {address}, {length}, {other}"
    ),
    (
      "\"title\"",
      "\"lineLimit\":24,\"comparison\":{\"command\":\"c {address} {other} {length}\",\"reply\":\"(x)\"},\"title\"",
      "comparison.command: a command of 27 characters is longer than the console's line, which has 24"
    ),
    (
      "\"title\"", "\"banners\": [\"(a+)+\"], \"title\"",
      "banners.0: pattern \"(a+)+\" repeats what itself repeats without a bound, which can take for ever; "
        + "bound one of them (character 5)"
    ),
  ])
  func whatIsWrongIsRefusedWithItsPlace(from: String, to: String, message: String) {
    let text = Self.least.replacing(from, with: to, maxReplacements: 1)
    #expect { try JSONDecoder().decode(Dialect.self, from: Data(text.utf8)) } throws: { error in
      guard case DecodingError.dataCorrupted(let context) = error else { return false }
      let place = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
      #expect("\(place): \(context.debugDescription)" == message)
      return true
    }
  }

  @Test func aTableChangedByHandIsCheckedAgain() throws {
    var dialect = try TestDialect.load("u-boot")
    try dialect.validate()
    dialect.reads[1].layout.gutter?.open = ""
    #expect { try dialect.validate() } throws: { error in
      (error as? DialectError)?.path == ["reads", "1", "layout", "gutter", "open"]
    }
  }
}
