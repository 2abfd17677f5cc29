import DumpEngine

/// The text of `SHA256SUMS`: one line for each complete image, sorted by path, in the form that `sha256sum -c` reads.
///
/// Images that failed their audit are left out: a list that vouches for a damaged file would be a lie, and one that
/// does not match its files would hide the good ones behind an error. Source of the form: GNU coreutils manual, "cksum
/// output modes".
public struct ChecksumList: Sendable {
  /// The lines, without line ends.
  public let lines: [String]

  /// The complete images of an audited batch, by paths below its folder.
  public init(_ result: BatchResult) {
    let entries = result.units.flatMap { unit in
      unit.regions.compactMap { region -> (path: String, sha256: String)? in
        guard let sha256 = region.sha256, region.isHeldOnDisk else { return nil }
        return ("\(unit.folder)/\(region.file)", sha256)
      }
    }
    lines = entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
      .map { Self.line(sha256: $0.sha256, path: $0.path) }
  }

  /// The bytes of the file.
  public var bytes: [UInt8] { lines.flatMap { Array($0.utf8) + [UInt8(ascii: "\n")] } }

  /// One line. A backslash, a newline or a carriage return in the path is escaped, and the line then starts with a
  /// backslash.
  static func line(sha256: String, path: String) -> String {
    let escapes: [Unicode.Scalar: String] = ["\\": "\\\\", "\n": "\\n", "\r": "\\r"]
    let needsEscape = path.unicodeScalars.contains { escapes[$0] != nil }
    let escaped = path.unicodeScalars.map { escapes[$0] ?? String($0) }.joined()
    return "\(needsEscape ? "\\" : "")\(sha256)  \(escaped)"
  }
}

extension RegionResult {
  /// Whether the whole image is on the disk as the session wrote it, whatever its content is worth.
  fileprivate var isHeldOnDisk: Bool {
    isComplete && !checks.contains { $0.kind == CheckResult.fileKind && !$0.passed }
  }
}
