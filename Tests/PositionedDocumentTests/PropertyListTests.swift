import Foundation
import Testing

@testable import PositionedDocument

@Suite("A property list becomes the same tree as the JSON of the same content")
struct PropertyListTests {
  private struct Everything: Decodable, Equatable {
    var text: String
    var number: Int
    var large: UInt64
    var negative: Int
    var fraction: Double
    var flag: Bool
    var list: [Int]
    var object: [String: String]
  }

  private static let everything = Everything(
    text: "a<b> ä😀", number: 70000, large: .max, negative: -5, fraction: 1.5, flag: true, list: [1, 2],
    object: ["k": "v"])

  private static var objects: [String: Any] {
    [
      "text": "a<b> ä😀", "number": 70000, "large": UInt64.max, "negative": -5, "fraction": 1.5, "flag": true,
      "list": [1, 2], "object": ["k": "v"],
    ]
  }

  @Test(arguments: [PropertyListSerialization.PropertyListFormat.xml, .binary])
  func foundationsOwnLists(format: PropertyListSerialization.PropertyListFormat) throws {
    let data = try PropertyListSerialization.data(fromPropertyList: Self.objects, format: format, options: 0)
    let document = try Document.parse(Array(data), name: "m.plist")
    #expect(document.format == (format == .xml ? .xmlPropertyList : .binaryPropertyList))
    #expect(try document.decode(Everything.self) == Self.everything)
  }

  @Test func placesInXML() throws {
    let text = propertyList("<dict>\n  <!-- ä --><key>nämé</key> <integer>0x1F</integer>\n<key>a</key><true/></dict>")
    let document = try read(text)
    #expect(document.position(of: .root) == Position(line: 3, column: 1))
    #expect(document.position(ofKeyAt: .root.key("nämé")) == Position(line: 4, column: 13))
    #expect(document.position(of: .root.key("nämé")) == Position(line: 4, column: 29))
    #expect(document.node(at: .root.key("nämé"))?.value == .integer(31))
    #expect(document.position(of: .root.key("a")) == Position(line: 5, column: 13))
  }

  @Test func textsWithEntitiesAndSections() throws {
    let text = propertyList("<array><string>a&amp;b&#65;<![CDATA[<x>]]>\n</string><string/></array>")
    #expect(try read(text).decode([String].self) == ["a&bA<x>\n", ""])
  }

  @Test(arguments: [
    (
      "<dict><key>a</kay></dict>", "3:19: an end tag that does not match its start tag; expected a property list in XML"
    ),
    ("<dict><key>a</key></dict>", "3:7: the key `a` has no value"),
    ("<dict><key>a</key><key>b</key></dict>", "3:19: the key `a` has no value"),
    ("<dict><true/></dict>", "3:7: a value without a key; expected `<key>`"),
    ("<array><key>a</key></array>", "3:8: `<key>` stands in `<array>`; it belongs into `<dict>`"),
    ("<array>a</array>", "3:9: the text \"a\" stands in `<array>`; expected an element"),
    (
      "<array><int>1</int></array>",
      "3:8: unknown element `<int>`; allowed: dict, array, string, integer, real, true, false, date, data, key"
    ),
    ("<string><true/></string>", "3:9: `<true>` stands in `<string>`, which holds text only"),
    ("<true/><true/>", "3:8: a property list holds one value; this is a second one"),
    ("", "2:1: the property list is empty; expected one value"),
    ("<integer>ten</integer>", "3:1: expected a whole number in `<integer>`, found \"ten\""),
    ("<integer>18446744073709551616</integer>", "3:1: the number 18446744073709551616 does not fit into 64 bits"),
    ("<real>nan</real>", "3:1: expected a number in `<real>`, found \"nan\""),
    (
      "<string>&foo;</string>",
      "3:14: an entity that is not declared; XML itself knows &lt; &gt; &amp; &quot; and &apos;; "
        + "expected a property list in XML"
    ),
    (
      "<dict>\n<key>a</key><true/>\n<key>b</key><dict><key>c</key><true/><key>c</key><true/></dict>\n"
        + "<key>a</key><false/></dict>",
      "5:38: b: duplicate key `c`; it first stands at 5:19\nm.json:6:1: duplicate key `a`; it first stands at 4:1"
    ),
  ])
  func damagedXML(body: String, message: String) {
    #expect(complaints(reading: propertyList(body)) == "m.json:" + message)
  }

  @Test(arguments: [
    (
      "<!DOCTYPE plist [<!ENTITY a \"xx\">]><plist><string>&a;</string></plist>",
      "1:17: declarations inside DOCTYPE (such as entities) are refused; remove them"
    ),
    (
      "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><plist><true/></plist>",
      "1:1: the encoding \"ISO-8859-1\" is not read; save the file as UTF-8 and say so here"
    ),
    ("<?xml version=\"1.0\"?><note/>", "1:22: expected `<plist>`, found `<note>`"),
    ("<plist><dict><key>a", "1:19: the XML ends too early; expected a property list in XML"),
    ("<plist>", "1:8: the XML ends too early; expected a property list in XML"),
    ("<?xml version=\"1.0\"?>", "1:22: the XML ends too early; expected a property list in XML"),
  ])
  func refusedXML(text: String, message: String) {
    #expect(complaints(reading: text) == "m.json:" + message)
  }

  @Test func depthOfXMLIsLimited() throws {
    let nested = { (depth: Int) in
      String(repeating: "<array>", count: depth) + "<true/>" + String(repeating: "</array>", count: depth)
    }
    #expect(throws: Never.self) { try read(propertyList(nested(64))) }
    let message = complaints(reading: propertyList(nested(65)))
    #expect(message == "m.json:3:449: more than 64 arrays and dicts within each other")
  }

  @Test func datesAndDataHaveNoPlace() throws {
    let text = propertyList("<array><date>2024-01-01T00:00:00Z</date><data>AAE=</data></array>")
    let message = complaints(decoding: [String].self, from: text)
    #expect(
      message == "m.json:3:8: [0]: expected a text, found a date\nm.json:3:41: [1]: expected a text, found binary data")
  }
}

@Suite("A damaged binary property list is an error and nothing worse")
struct BinaryPropertyListTests {
  /// A list of the objects given as bytes, the first being the root; offsets and references take one byte.
  private func list(_ objects: [[UInt8]]) -> [UInt8] {
    var bytes = Array("bplist00".utf8)
    var offsets: [UInt8] = []
    for object in objects {
      offsets.append(UInt8(bytes.count))
      bytes += object
    }
    let table = UInt8(bytes.count)
    let zeros = [UInt8](repeating: 0, count: 7)
    return bytes + offsets + [0, 0, 0, 0, 0, 0, 1, 1] + zeros + [UInt8(objects.count)] + zeros + [0] + zeros + [table]
  }

  private func complaints(_ bytes: [UInt8]) -> String {
    do throws(DocumentError) {
      return "none: \(try Document.parse(bytes, name: "m").root.value)"
    } catch {
      return error.description
    }
  }

  @Test func aListThatContainsItself() {
    let message = complaints(list([[0xA1, 0x00]]))
    #expect(
      message == "m: the binary property list is damaged at byte 8: more than 64 arrays and dicts within each other")
  }

  @Test func aSmallListThatIsAHugeTree() {
    let tenTimesTheNext = (1...8).map { level in [0xAA] + [UInt8](repeating: UInt8(level), count: 10) }
    let message = complaints(list(tenTimesTheNext + [[0x09]]))
    #expect(message == "m: the binary property list is damaged at byte 96: more than 262144 values")
  }

  @Test func aKeyTwice() {
    let message = complaints(list([[0xD2, 0x01, 0x01, 0x02, 0x02], [0x51, 0x61], [0x09]]))
    #expect(message == "m: duplicate key `a`; it stands twice")
  }

  @Test func problemsHaveAPathButNoPosition() throws {
    let document = try Document.parse(list([[0xD1, 0x01, 0x02], [0x51, 0x61], [0x09]]), name: "m")
    let error = #expect(throws: DocumentError.self) { try document.decode([String: Int].self) }
    #expect(error?.description == "m: a: expected a whole number, found true")
  }

  @Test(
    arguments: [
      ([[0x51]], "none"), ([[0x80, 0x01]], "an object of unknown kind 0x80"),
      ([[0xA1, 0x07]], "object 7 is named, but there are only 1"),
      ([[0x5F, 0x11, 0xFF, 0xFF]], "a text reaches behind the end of the file"),
      ([[0x51, 0xFF]], "a text that is no Unicode"), ([[0x61, 0xD8, 0x00]], "a text that is no Unicode"),
      ([[0xAF, 0x12, 0x7F, 0xFF, 0xFF, 0xFF]], "an object reaches behind the end of the file"),
      ([[0xD1, 0x01, 0x01], [0x09]], "a key that is no text"),
      ([[0x23, 0x7F, 0xF0, 0, 0, 0, 0, 0, 0]], "the number inf has no place here"),
      ([[0x14, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]], "a number wider than 64 bits"),
    ] as [([[UInt8]], String)])
  func damage(objects: [[UInt8]], message: String) {
    #expect(complaints(list(objects)).contains(message))
  }

  @Test func everyByteReplacedByEveryOther() throws {
    let good: [UInt8] = list([
      [0xD3, 1, 2, 3, 4, 5, 6], [0x51, 0x61], [0x51, 0x62], [0x51, 0x63], [0xA2, 5, 6], [0x11, 1, 2], [0x61, 0, 0xE4],
    ])
    var read = 0
    var refused = 0
    for index in good.indices {
      for byte in UInt8.min...UInt8.max {
        var bad = good
        bad[index] = byte
        if (try? Document.parse(bad, name: "m")) == nil { refused += 1 } else { read += 1 }
      }
    }
    #expect(read + refused == good.count * 256)
    #expect(refused > good.count * 100)
    for length in good.indices {
      #expect(throws: DocumentError.self) { try Document.parse(Array(good[..<length]), name: "m") }
    }
  }
}
