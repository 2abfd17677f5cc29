import DurableFiles

/// A `SHA256SUMS` as it was found: what its lines say, and what is not as this program writes it.
struct ChecksumListText {
  /// What a line says.
  struct Entry {
    /// The path, unescaped.
    var path: String
    /// In lower-case hex.
    var sha256: String
    /// Line, from 1.
    var line: Int
  }

  /// The bytes of the file.
  let bytes: [UInt8]
  /// Its lines that can be read.
  private(set) var entries: [Entry] = []
  /// What is wrong with its form: expected, found, line.
  private(set) var problems: [String] = []

  /// Most problems that are kept.
  private static let mostProblems = 20

  /// Reads a list that is there; calls block.
  init(ofFile path: String) {
    do throws(DiskError) {
      self.init(try SmallFile.bytes(path))
    } catch {
      self.init([])
      problems = ["expected a list that can be read, found \(error.reason)"]
    }
  }

  /// Reads the bytes of a list.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    guard bytes.last == 0x0A else {
      problems = ["expected a line end behind the last line, found \(bytes.isEmpty ? "an empty file" : "none")"]
      read(bytes[...])
      return
    }
    read(bytes.dropLast())
  }

  private mutating func read(_ bytes: ArraySlice<UInt8>) {
    var seen: Set<String> = []
    for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      guard let entry = Self.entry(line, index + 1) else {
        complain("expected 64 hex digits, two blanks and a path, found \(SafeText(bytes: line, limit: 80))", index + 1)
        continue
      }
      if !seen.insert(entry.path).inserted { complain("expected each path once, found it again", index + 1) }
      if let last = entries.last, !last.path.utf8.lexicographicallyPrecedes(entry.path.utf8), last.path != entry.path {
        complain("expected lines sorted by path, found one out of order", index + 1)
      }
      if Array(ChecksumList.line(sha256: entry.sha256, path: entry.path).utf8) != Array(line) {
        complain("expected digits in lower case, two blanks and a plain path, found another form", index + 1)
      }
      entries.append(entry)
    }
  }

  private mutating func complain(_ text: String, _ line: Int) {
    if problems.count < Self.mostProblems { problems.append("line \(line): \(text)") }
  }

  /// What a line says, also where its form is another that `sha256sum -c` reads.
  private static func entry(_ line: ArraySlice<UInt8>, _ number: Int) -> Entry? {
    let isEscaped = line.first == UInt8(ascii: "\\")
    let text = isEscaped ? line.dropFirst() : line
    let digits = text.prefix(64)
    let rest = text.dropFirst(64)
    guard digits.count == 64, digits.allSatisfy(isHex), rest.count > 2, rest.first == UInt8(ascii: " ") else {
      return nil
    }
    let path = String(decoding: rest.dropFirst(2), as: UTF8.self)
    return Entry(
      path: isEscaped ? unescaped(path) : path, sha256: String(decoding: digits, as: UTF8.self).lowercased(),
      line: number)
  }

  private static func isHex(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }

  private static func unescaped(_ path: String) -> String {
    var result = String.UnicodeScalarView()
    var isEscape = false
    for scalar in path.unicodeScalars {
      switch (isEscape, scalar) {
      case (false, "\\"): isEscape = true
      case (true, "n"): (isEscape, _) = (false, result.append("\n"))
      case (true, "r"): (isEscape, _) = (false, result.append("\r"))
      default: (isEscape, _) = (false, result.append(scalar))
      }
    }
    return String(result)
  }
}
