import CZlib
import Foundation
import Testing

/// Reads transcripts back, strictly, and without any of the code that batchdump reads them with.
enum TranscriptText {
  /// One record of a transcript.
  struct Record: Equatable {
    let isSent: Bool
    let bytes: [UInt8]
  }

  static func records(_ text: String) throws -> [Record] {
    try text.split(separator: "\n").map { line in
      let match = try #require(String(line).wholeMatch(of: #/\d\d:\d\d:\d\d\.\d\d\d ([<>]) (.*)/#), "\(line)")
      return Record(isSent: match.1 == ">", bytes: try bytes(Array(match.2.utf8)))
    }
  }

  private static func bytes(_ escaped: [UInt8]) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var at = 0
    while at < escaped.count {
      guard escaped[at] == UInt8(ascii: "\\") else {
        #expect((0x20...0x7E).contains(escaped[at]))
        bytes.append(escaped[at])
        at += 1
        continue
      }
      let kind = try #require(escaped.dropFirst(at + 1).first)
      switch kind {
      case UInt8(ascii: "r"): bytes.append(0x0D)
      case UInt8(ascii: "n"): bytes.append(0x0A)
      case UInt8(ascii: "t"): bytes.append(0x09)
      case UInt8(ascii: "\\"): bytes.append(0x5C)
      default:
        #expect(kind == UInt8(ascii: "x"))
        let digits = String(decoding: escaped[at + 2..<at + 4], as: UTF8.self)
        bytes.append(try #require(UInt8(digits, radix: 16)))
        at += 2
      }
      at += 2
    }
    return bytes
  }

  /// The text of a file, unpacked by zlib where it is a gzip file.
  static func load(_ path: String) throws -> String {
    let file = try #require(gzopen(path, "rb"), "\(path)")
    defer { gzclose(file) }
    var text: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = gzread(file, &piece, UInt32(piece.count))
      try #require(count >= 0, "\(path): damaged")
      if count == 0 { break }
      text += piece.prefix(Int(count))
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The text of all segments of `console.log` in a folder, and how many were closed.
  static func whole(_ folder: String) throws -> (text: String, closed: Int) {
    var text = ""
    var closed = 0
    while true {
      let path = "\(folder)/console.log.\(closed + 1)"
      guard let found = [path + ".gz", path].first(where: { FileManager.default.fileExists(atPath: $0) }) else { break }
      text += try load(found)
      closed += 1
    }
    return (text + (try load("\(folder)/console.log")), closed)
  }
}
