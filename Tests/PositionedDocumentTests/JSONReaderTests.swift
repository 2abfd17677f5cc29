import Testing

@testable import PositionedDocument

@Suite("A JSON text becomes a tree of values with their places")
struct JSONReaderTests {
  @Test(arguments: [
    ("0", DocumentNode.Value.integer(0)),
    ("-0", .integer(0)),
    ("-9223372036854775808", .integer(Int128(Int64.min))),
    ("18446744073709551615", .integer(Int128(UInt64.max))),
    ("9007199254740993", .integer(9_007_199_254_740_993)),
    ("1.5", .real(1.5)),
    ("1e3", .real(1000)),
    ("-2.5E-1", .real(-0.25)),
    ("true", .bool(true)),
    ("null", .null),
    (#""""#, .string("")),
    (#""a\"\\\/\b\f\n\r\t""#, .string("a\"\\/\u{08}\u{0C}\n\r\t")),
    (#""\u00e4\u20AC""#, .string("ä€")),
    (#""\ud83d\ude00 \u0000""#, .string("😀 \0")),
    (#""ä€😀""#, .string("ä€😀")),
  ])
  func scalars(text: String, value: DocumentNode.Value) throws {
    let root = try read("[ \(text) ]").root
    #expect(root.value == .array([DocumentNode(value: value, offset: 2)]))
  }

  @Test func placesCountScalarsAndLines() throws {
    let document = try read("{\r\n\t\"ä\": [1,\n  {\"b\": \"ü\", \"c\": 2}]\r\n}")
    let inner = DocumentPath.root.key("ä").index(1)
    #expect(document.position(of: .root) == Position(line: 1, column: 1))
    #expect(document.position(of: .root.key("ä")) == Position(line: 2, column: 7))
    #expect(document.position(of: inner) == Position(line: 3, column: 3))
    #expect(document.position(ofKeyAt: inner.key("c")) == Position(line: 3, column: 14))
    #expect(document.position(of: inner.key("c")) == Position(line: 3, column: 19))
    #expect(document.position(of: inner.key("d").index(7)) == Position(line: 3, column: 3), "the nearest that exists")
  }

  @Test func aByteOrderMarkIsNoCharacter() throws {
    let document = try read("\u{FEFF}{\"a\": 1}")
    #expect(document.position(of: .root.key("a")) == Position(line: 1, column: 7))
    #expect(
      complaints(reading: "\u{FEFF}{") == "m.json:1:2: expected a key in double quotes, found the end of the file")
  }

  @Test func emptyContainersAndBlanks() throws {
    #expect(try read(" [ ] ").root.value == .array([]))
    #expect(try read("\n{\t}\r\n").root.value == .object([]))
  }

  @Test(arguments: [
    ("[1, 2,]", "1:6: JSON has no comma before `]`; remove it"),
    ("{\"a\": 1,\n}", "1:8: JSON has no comma before `}`; remove it"),
    ("[1 2]", "1:4: expected `,` or `]` after the array element, found `2`"),
    ("{\"a\" 1}", "1:6: expected `:` after the key `a`, found `1`"),
    ("{\"a\": }", "1:7: expected a value, found `}`"),
    ("{\"a\": 1", "1:8: expected `,` or `}` after the value, found the end of the file"),
    ("{\"a\": 1 \"b\": 2}", "1:9: expected `,` or `}` after the value, found `\"`"),
    (
      "{\n  // rate\n  \"a\": 1}",
      "2:3: expected a key in double quotes, found `/`; JSON has no comments, but a key `$comment` may hold one"
    ),
    (
      "[1 /* one */]",
      "1:4: expected `,` or `]` after the array element, found `/`; JSON has no comments, but a key `$comment` "
        + "may hold one"
    ),
    ("{'a': 1}", "1:2: expected a key in double quotes, found `'`; JSON quotes with \" only"),
    ("{a: 1}", "1:2: expected a key in double quotes, found `a`"),
    (
      "{\"a\" = 1; }",
      "1:6: expected `:` after the key `a`, found `=`; an OpenStep property list is not read"
    ),
    (
      "[True]",
      "1:2: unknown word `True`; JSON knows true, false and null, and texts stand in double quotes"
    ),
    (
      "[NaN]", "1:2: unknown word `NaN`; JSON knows true, false and null, and texts stand in double quotes"
    ),
    ("[0x10]", "1:2: hex numbers stand in quotes: \"0x10\""),
    ("[007]", "1:2: a JSON number has no leading zero; hex numbers stand in quotes: \"0x10\""),
    ("[+1]", "1:2: expected a value, found `+`"),
    ("[-]", "1:3: expected a digit, found `]`"),
    ("[1.]", "1:4: expected a digit, found `]`"),
    ("[.5]", "1:2: expected a value, found `.`"),
    ("[1e]", "1:4: expected a digit, found `]`"),
    ("[1e999]", "1:2: the number 1e999 is too large"),
    ("[18446744073709551616]", "1:2: the number 18446744073709551616 does not fit into 64 bits"),
    ("[-9223372036854775809]", "1:2: the number -9223372036854775809 does not fit into 64 bits"),
    ("[\"abc]", "1:2: this text has no closing quote"),
    ("[\"a\nb\"]", "1:4: a line break inside a text; write it as \\n"),
    ("[\"a\tb\"]", "1:4: a control character inside a text; write it as \\t"),
    ("[\"a\u{1b}b\"]", "1:4: a control character inside a text; write it as \\u001b"),
    (
      #"["\x"]"#,
      #"1:3: unknown escape: `x` behind the backslash; JSON knows \" \\ \/ \b \f \n \r \t and \u with four digits"#
    ),
    (#"["\u12"]"#, #"1:3: \u needs four hex digits, found `"`"#),
    (#"["\ud83d"]"#, #"1:3: half of a surrogate pair; \ud83d\ude00 shows a whole one"#),
    (#"["\ude00"]"#, #"1:3: half of a surrogate pair; \ud83d\ude00 shows a whole one"#),
    (#"["\ud83d\u0041"]"#, #"1:3: half of a surrogate pair; \ud83d\ude00 shows a whole one"#),
    ("[] []", "1:4: expected the end of the file after the document, found `[`"),
    ("[\u{1b}]", "1:2: expected a value, found `\\u001B`"),
    (
      "{\"a\": 1,\n \"b\": {\"c\": 1, \"c\": 2},\n \"a\": 3}",
      "2:16: b: duplicate key `c`; it first stands at 2:8\nm.json:3:2: duplicate key `a`; it first stands at 1:2"
    ),
  ])
  func refusals(text: String, message: String) {
    #expect(complaints(reading: text) == "m.json:" + message)
  }

  @Test func depthIsLimited() throws {
    let limits = DocumentLimits(depth: 3)
    #expect(throws: Never.self) { try read("[[[1]]]", limits: limits) }
    let error = #expect(throws: DocumentError.self) { try read("[[[[1]]]]", limits: limits) }
    #expect(error?.description == "m.json:1:4: more than 3 arrays and objects within each other")
    let deep = String(repeating: "[", count: 1_000_000)
    #expect(complaints(reading: deep) == "m.json:1:65: more than 64 arrays and objects within each other")
  }
}
