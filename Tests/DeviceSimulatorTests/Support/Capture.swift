import Foundation
import TestSupport
import Testing

/// A console session that was captured from real firmware; the files are those of the dialect tests.
struct Capture {
  /// What the console printed, without the line that names the source.
  let bytes: [UInt8]

  /// A file of exact bytes (`NAME.raw.txt`), or of text whose line ends were lost (`NAME.txt`).
  init(_ name: String, isRaw: Bool = true) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("ConsoleDialectTests/Captures")
    let data = try Data(contentsOf: folder.appendingPathComponent(name + (isRaw ? ".raw.txt" : ".txt")))
    bytes = [UInt8](data.drop { $0 != 0x0A }.dropFirst())
  }

  /// Text between two marks, without them.
  func text(from start: String, to end: String) throws -> String {
    let first = try #require(bytes.firstRange(of: Array(start.utf8)))
    let rest = bytes[first.upperBound...]
    let last = try #require(rest.firstRange(of: Array(end.utf8)))
    return String(decoding: rest[..<last.lowerBound], as: UTF8.self)
  }

  /// Each command typed at `prompt` with all that was printed up to and with the next prompt, its echo first.
  func exchanges(prompt: String) -> [Exchange] {
    let pieces = String(decoding: bytes, as: UTF8.self).split(
      separator: "\r\n\(prompt)", omittingEmptySubsequences: false)
    return pieces.dropFirst().dropLast().map { piece in
      let command = piece.prefix { $0 != "\r\n" }
      return Exchange(command: String(command), answer: ReadableBytes("\(piece)\r\n\(prompt)"))
    }
  }

  /// The memory that an `md.b` of the capture shows, by address.
  func memory(shownBy command: String, prompt: String) throws -> (address: UInt64, bytes: [UInt8]) {
    let exchange = try #require(exchanges(prompt: prompt).first { $0.command == command })
    let lines = String(decoding: exchange.answer.bytes, as: UTF8.self).split(separator: "\r\n").dropFirst()
    let rows = lines.filter { $0.contains(": ") }.map { line in
      let cells = line.split(separator: ":", maxSplits: 1)[1].prefix(48)
      return cells.split(separator: " ").compactMap { UInt8($0, radix: 16) }
    }
    let first = try #require(lines.first?.split(separator: ":").first.flatMap { UInt64($0, radix: 16) })
    return (first, rows.flatMap { $0 })
  }
}

/// A command and what came of it.
struct Exchange: CustomTestStringConvertible, Sendable {
  var command: String
  var answer: ReadableBytes

  var testDescription: String { command.isEmpty ? "(empty line)" : command }
}
