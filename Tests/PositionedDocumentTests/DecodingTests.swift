import Testing

@testable import PositionedDocument

private enum Care: String, Decodable, CaseIterable { case auto, digest, reread, none }

private struct Console: Decodable, Equatable {
  var speed: Int
  var prompt: String?
}

private struct Slot: Decodable {
  var name: String
  var tty: String?
  var console: Console?
  var care: Care?
}

private struct Fleet: Decodable {
  var name: String
  var slots: [Slot]
  var limits: [String: UInt8]?
}

/// A number or a text, as hand-written types often take.
private struct Size: Decodable, Equatable {
  var bytes: Int

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int.self) {
      bytes = number
    } else {
      let text = try container.decode(String.self)
      guard text.hasSuffix("K"), let number = Int(text.dropLast()) else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected a size such as `4K`")
      }
      bytes = number * 1024
    }
  }
}

@Suite("Decoding tells all that is wrong, with place and key path")
struct DecodingTests {
  @Test(arguments: [
    (
      #"{"name": "x", "slots": [], "regoins": 1}"#,
      "1:28: unknown key `regoins`; allowed: name, slots, limits"
    ),
    (#"{"name": "x", "slot": [], "slots": []}"#, "1:15: unknown key `slot`; did you mean `slots`?"),
    (#"{"name": "x"}"#, "1:1: missing key `slots`"),
    (#"{"name": 5, "slots": []}"#, "1:10: name: expected a text, found the number 5"),
    (#"{"name": "x", "slots": {}}"#, "1:24: slots: expected an array, found an empty object"),
    (
      #"{"name": "x", "slots": [{"name": "a", "console": 9}]}"#,
      "1:50: slots[0].console: expected an object, found the number 9"
    ),
    (
      #"{"name": "x", "slots": [{"name": "a", "console": {"speed": "fast"}}]}"#,
      "1:60: slots[0].console.speed: expected a whole number, found the text \"fast\""
    ),
    (
      #"{"name": "x", "slots": [{"name": "a", "console": {"speed": 1.5}}]}"#,
      "1:60: slots[0].console.speed: expected a whole number, found the number 1.5"
    ),
    (
      #"{"name": "x", "slots": [], "limits": {"a": 256}}"#,
      "1:44: limits.a: expected a whole number from 0 to 255, found the number 256"
    ),
    (
      #"{"name": "x", "slots": [{"name": "a", "care": "digset"}]}"#,
      "1:47: slots[0].care: unknown value `digset`; did you mean `digest`? known: auto, digest, reread, none"
    ),
    (#"{"name": null, "slots": []}"#, "1:10: name: expected a text, found null"),
    (#"[1]"#, "1:1: expected an object, found an array"),
  ])
  func oneProblem(text: String, message: String) {
    #expect(complaints(decoding: Fleet.self, from: text) == "m.json:" + message)
  }

  @Test func manyProblemsAtOnce() {
    let text = """
      {
        "nmae": "x",
        "slots": [
          {"name": 1, "care": "no"},
          {"name": "b", "console": {"sped": 5, "prompt": false}},
          7,
          {"name": "c", "console": {"speed": "x"}, "extra": 1}
        ],
        "limits": {"a": -1, "b": 7, "c": []}
      }
      """
    #expect(
      complaints(decoding: Fleet.self, from: text) == """
        m.json:1:1: missing key `name`
        m.json:2:3: unknown key `nmae`; did you mean `name`?
        m.json:4:14: slots[0].name: expected a text, found the number 1
        m.json:4:25: slots[0].care: unknown value `no`; known: auto, digest, reread, none
        m.json:5:30: slots[1].console: missing key `speed`
        m.json:5:31: slots[1].console: unknown key `sped`; did you mean `speed`?
        m.json:5:52: slots[1].console.prompt: expected a text, found false
        m.json:6:5: slots[2]: expected an object, found the number 7
        m.json:7:40: slots[3].console.speed: expected a whole number, found the text "x"
        m.json:7:46: slots[3]: unknown key `extra`; allowed: name, tty, console, care
        m.json:9:19: limits.a: expected a whole number from 0 to 255, found the number -1
        m.json:9:36: limits.c: expected a whole number, found an empty array
        """)
  }

  @Test func attemptsThatAreDroppedLeaveNoTrace() throws {
    #expect(try read(#"[4096, "4K"]"#).decode([Size].self).map(\.bytes) == [4096, 4096])
    #expect(
      complaints(decoding: [Size].self, from: #"["4Q", 7, "x", true]"#) == """
        m.json:1:2: [0]: expected a size such as `4K`
        m.json:1:11: [2]: expected a size such as `4K`
        m.json:1:16: [3]: expected a text, found true
        """)
  }

  @Test func schemaAndCommentAreAllowedEverywhere() throws {
    let text = #"{"$schema": "s", "name": "x", "$comment": [1], "slots": [{"$comment": "c", "name": "a"}]}"#
    #expect(try read(text).decode(Fleet.self).slots.map(\.name) == ["a"])
  }

  @Test func wholeNumbersMayBeWrittenWithAFraction() throws {
    #expect(try read("[2.0, 1e3]").decode([Int].self) == [2, 1000])
    #expect(
      complaints(decoding: [Int].self, from: "[1e300]")
        == "m.json:1:2: [0]: expected a whole number, found the number 1e+300")
  }

  @Test func keysAskedFor() throws {
    let text = #"{"name": "x", "slots": [{"name": "a", "console": {"speed": 1}}], "limits": {"z": 1}}"#
    let keys = try read(text).decodeWithKeys(Fleet.self).keys.byPath
    let slot = DocumentPath.root.key("slots").index(0)
    #expect(keys[.root] == ["name", "slots", "limits"])
    #expect(keys[slot] == ["name", "tty", "console", "care"])
    #expect(keys[slot.key("console")] == ["speed", "prompt"])
  }

  @Test func problemsAreCapped() {
    let text = "[" + Array(repeating: "true", count: 5000).joined(separator: ",") + "]"
    let lines = complaints(decoding: [Int].self, from: text).split(separator: "\n")
    #expect(lines.count == 101)
    #expect(lines.last == "m.json: more problems are not shown")
  }

  @Test func hostileWordsAreShownHarmlessly() {
    let text = #"{"name": "\u001b[2J", "slots": [], "a\u0007\u202e\nb": 1}"#
    #expect(
      complaints(decoding: Fleet.self, from: text)
        == #"m.json:1:36: unknown key `a\u0007\u202E\nb`; allowed: name, slots, limits"#)
    #expect(complaints(decoding: Bool.self, from: #"["#) == "m.json:1:2: expected a value, found the end of the file")
    #expect("\(DocumentPath.root.key("a b").index(1).key("c"))" == #"["a b"][1].c"#)
  }
}

@Suite("A word that is not known is compared with those that are")
struct SuggestionTests {
  @Test(arguments: [
    ("regoins", "did you mean `regions`?"), ("Regions", "did you mean `regions`?"), ("sice", "did you mean `size`?"),
    ("xyz", "allowed: regions, size"), ("", "allowed: regions, size"),
  ])
  func advice(word: String, advice: String) {
    #expect(Suggestion.advice(for: word, among: ["regions", "size"]) == advice)
  }

  @Test(arguments: [("", "", 0), ("", "abc", 3), ("abc", "", 3), ("abc", "acb", 1), ("kitten", "sitting", 3)])
  func distance(one: String, other: String, distance: Int) {
    #expect(Suggestion.distance(one, other) == distance)
  }
}
