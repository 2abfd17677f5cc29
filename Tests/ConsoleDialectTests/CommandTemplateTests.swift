import Foundation
import Testing

@testable import ConsoleDialect

@Suite struct CommandTemplateTests {
  @Test(arguments: [
    ("md.l {address} {count}", "md.l 9f00beef 40"), ("d -s 0x{address:08X}", "d -s 0x9F00BEEF"),
    ("{count:08X}", "00000040"), ("{count:d}", "64"), ("{count:06d}", "000064"), ("{count:X}", "40"),
    ("{address:04x}", "9f00beef"),
    ("for i in 0; do echo ${{i}; done", "for i in 0; do echo ${i}; done"), ("{{{count}}", "{40}"), ("", ""),
    ("plain", "plain"),
  ])
  func numbersTakeTheFormThatIsWritten(template: String, line: String) throws {
    #expect(try CommandTemplate(template).render(["address": 0x9F00_BEEF, "count": 0x40]) == line)
  }

  @Test func namesWhatNeedsAValue() throws {
    let template = try CommandTemplate("sf read {ram} {offset} {size} {{x}")
    #expect(template.placeholders == ["ram", "offset", "size"])
    try template.checked(allowing: ["ram", "offset", "size", "block"])
    #expect { try template.checked(allowing: ["ram", "size"]) } throws: { error in
      "\(error)" == "command \"sf read {ram} {offset} {size} {{x}\" uses {offset}; known: {ram}, {size}"
    }
    #expect { try template.checked(allowing: []) } throws: { error in
      "\(error)".contains("no placeholder is known here")
    }
  }

  @Test(arguments: [
    ("md {address", "opens a brace that is never closed; a brace itself is written {{"),
    ("md {}", "has a placeholder without a name: {}"), ("md {:x}", "has a placeholder without a name: {:x}"),
    ("md {a b}", "has a placeholder without a name: {a b}"),
    ("md {address:q}", "has the format \"q\", which is none of x, X, d, each with a width as in 08X"),
    ("md {address:8X}", "has the format \"8X\", which is none of x, X, d, each with a width as in 08X"),
    ("md {address:}", "has the format \"\", which is none of x, X, d, each with a width as in 08X"),
    ("md {address:0999x}", "has the format \"0999x\", which is none of x, X, d, each with a width as in 08X"),
  ])
  func whatIsNoTemplateIsRefused(template: String, reason: String) {
    #expect { try CommandTemplate(template) } throws: { error in "\(error)" == "command \"\(template)\" \(reason)" }
  }

  @Test func readMethodsCountInTheirOwnUnits() throws {
    let json = #"""
      { "name": "x", "command": "{address} {length} {count} {lines:d} {end} {last}", "layout": { "cellBytes": 4 } }
      """#
    let method = try JSONDecoder().decode(ReadMethod.self, from: Data(json.utf8))
    #expect(method.command(address: 0x1000, length: 0x24) == "1000 24 9 3 1024 1023")
    #expect(method.command(address: 0x1000, length: 0x25) == "1000 25 a 3 1025 1024")
    #expect(
      method.command(address: 0xFFFF_FFFF_FFFF_FFF0, length: 0x10) == "fffffffffffffff0 10 4 1 0 ffffffffffffffff")
  }

  @Test(arguments: [
    ("md.b", 77, 8), ("md.w", 69, 8), ("md.l", 65, 8), ("md.q", 63, 8), ("md.l", 73, 16),
  ])
  func aLineHasAsManyCharactersAsTheConsolePrints(method: String, characters: Int, digits: Int) throws {
    let method = try TestDialect.method(method, of: "u-boot")
    #expect(method.characters(length: 16, addressDigits: digits) == characters)
    #expect(method.characters(length: 0x10000, addressDigits: digits) == 4096 * characters)
    #expect(method.characters(length: 24, addressDigits: digits) == 2 * characters - 8)
  }

  @Test func charactersOfACaptureAreThoseOfItsLayout() throws {
    for dump in CapturedDump.all where dump.checksGutter {
      let method = try TestDialect.method(dump.method, of: "u-boot")
      let reply = try dump.parsed(checksGutter: true).reply
      let lines = (dump.length + 15) / 16
      let text = reply.split(separator: 0x0A).prefix(lines).reduce(0) { $0 + $1.count + 1 }
      let digits = dump.address > 0xFFFF_FFFF ? 16 : 8
      #expect(method.characters(length: dump.length, addressDigits: digits) == text, "\(dump.testDescription)")
    }
  }
}
