import Foundation

@testable import ConsoleDialect

/// What a real console has sent, from a file in `Captures`.
///
/// Files named `….raw.txt` hold the exact bytes of the line behind their first line, which tells the source. The
/// others are text from the web: their line ends are lost, so CR LF is put back, and lines with `#` are notes.
struct Capture {
  let bytes: [UInt8]

  init(_ name: String) throws {
    let data = try Data(contentsOf: Capture.url("\(name).txt"))
    if name.hasSuffix(".raw") {
      bytes = Array(data.drop { $0 != 0x0A }.dropFirst())
    } else {
      let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      bytes = Array(lines.filter { !$0.hasPrefix("#") }.joined(separator: "\r\n").utf8)
    }
  }

  /// What came behind the line that contains a command, for as many lines as asked, or up to the end.
  func reply(to command: String, lines: Int = .max) -> [UInt8] {
    let all = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    let echo = Array(command.utf8)
    guard let index = all.firstIndex(where: { $0.contains(echo) }) else { return [] }
    return Array(all[(index + 1)...].prefix(lines).joined(separator: [0x0A])) + [0x0A]
  }

  static func url(_ path: String) -> URL {
    Bundle.module.resourceURL!.appending(path: "Captures").appending(path: path)
  }
}

extension ArraySlice<UInt8> {
  fileprivate func contains(_ text: [UInt8]) -> Bool {
    guard count >= text.count else { return false }
    return (startIndex...(endIndex - text.count)).contains { self[$0..<($0 + text.count)].elementsEqual(text) }
  }
}
