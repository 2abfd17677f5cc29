import CZlib
import DumpManifest
import Foundation
import TestSupport
import Testing

@testable import TranscriptReplay

/// A transcript that a test writes line by line, and what a U-Boot prints in it.
struct TranscriptDraft {
  var text = ""

  static let prompt = "=> "

  mutating func received(_ text: String) { add("<", text) }
  mutating func sent(_ text: String) { add(">", text) }

  /// A line as it is on the disk, without its end.
  mutating func line(_ line: String) { text += line + "\n" }

  private mutating func add(_ direction: String, _ said: String) {
    var rest = said[...]
    while !rest.isEmpty {
      // "\r\n" is one Character, so that a line's end is looked for among scalars.
      let feed = rest.unicodeScalars.firstIndex(of: "\n")
      let part = feed.map { rest.unicodeScalars[..<$0] } ?? rest.unicodeScalars[...]
      let escaped = part.map(Self.escape).joined()
      line("12:34:56.789 \(direction) \(escaped)\(feed == nil ? "" : #"\n"#)")
      rest = feed.map { Substring(rest.unicodeScalars[rest.unicodeScalars.index(after: $0)...]) } ?? ""
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\r": #"\r"#
    case "\\": #"\\"#
    case "\u{3}": #"\x03"#
    default: String(scalar)
    }
  }

  /// A command that is echoed and entered, and its reply up to the prompt.
  mutating func run(_ command: String, _ reply: String) {
    sent(command)
    received(command)
    sent("\r")
    received("\r\n" + reply + Self.prompt)
  }

  /// A dump by `md.b`.
  mutating func dump(_ address: UInt64, _ bytes: [UInt8]) {
    run("md.b \(hex(address, 1)) \(hex(UInt64(bytes.count), 1))", Self.lines(address, bytes))
  }

  /// A digest.
  mutating func crc32(_ address: UInt64, _ bytes: [UInt8]) {
    let value = hex(UInt64(CZlib.crc32_z(0, bytes, bytes.count)), 8)
    let last = hex(address + UInt64(bytes.count) - 1, 8)
    run(
      "crc32 \(hex(address, 1)) \(hex(UInt64(bytes.count), 1))",
      "crc32 for \(hex(address, 8)) ... \(last) ==> \(value)\r\n")
  }

  /// The lines of a dump by `md.b`.
  static func lines(_ address: UInt64, _ bytes: [UInt8]) -> String {
    stride(from: 0, to: bytes.count, by: 16).map { start in
      let row = bytes[start..<min(start + 16, bytes.count)]
      let cells = row.map { " " + hex(UInt64($0), 2) }.joined() + String(repeating: "   ", count: 16 - row.count)
      let gutter = row.map { (0x20...0x7E).contains($0) ? String(UnicodeScalar($0)) : "." }.joined()
      return "\(hex(address + UInt64(start), 8)):\(cells)    \(gutter)\r\n"
    }.joined()
  }

  private static func hex(_ value: UInt64, _ width: Int) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private func hex(_ value: UInt64, _ width: Int) -> String { Self.hex(value, width) }
}

/// A slot's plan with these regions.
func slotPlan(_ regions: String, dialect: String = #""u-boot""#, extra: String = "") throws -> SlotPlan {
  let text = """
    { "name": "m", "slots": [{ "name": "A1", "link": "unix:/nowhere" }], "console": { "dialect": \(dialect) },
      "regions": [\(regions)] \(extra) }
    """
  return try #require(try BatchPlan.parse(Array(text.utf8), name: "m.json").slots.first)
}

/// A mapped region.
func region(_ size: Int, at address: UInt64 = 0x1000) -> String {
  #"{ "name": "flash", "address": \#(address), "size": \#(size) }"#
}

/// Writes files and rebuilds the first region from them.
func rebuild(_ plan: SlotPlan, _ files: [String: String]) async throws -> RebuiltRegion {
  try await withTemporaryFolder { folder in
    for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file(name))) }
    return try #require(try ImageRebuild(plan: plan, folder: folder.path).run().first)
  }
}

/// A gzip file of a text, as gzip itself would write it.
func gzipped(_ text: String, at path: String) throws -> [UInt8] {
  let file = try #require(gzopen(path, "wb"))
  let bytes = Array(text.utf8)
  #expect(gzwrite(file, bytes, UInt32(bytes.count)) == Int32(bytes.count))
  #expect(gzclose(file) == Z_OK)
  return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
}
