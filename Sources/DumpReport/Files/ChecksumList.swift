import DumpEngine
import DurableFiles

/// The text of `SHA256SUMS`, sorted by path, in the form that `sha256sum -c` reads: while a batch is at work one line
/// for each image that nothing is left to do for, for these never change; at its end one for every file.
///
/// Images that failed their audit are left out: a list that vouches for a damaged file would be a lie, and one that
/// does not match its files would hide the good ones behind an error. Source of the form: GNU coreutils manual, "cksum
/// output modes". What an earlier list says of a unit whose state cannot be read stays, see ``OtherUnits``.
public struct ChecksumList: Sendable, Equatable {
  /// The file's name.
  public static let fileName = "SHA256SUMS"
  /// The name of its signature.
  public static let signatureName = "SHA256SUMS.sig"

  /// The lines, without line ends.
  public let lines: [String]

  /// The images of an audited batch that stay as they are while it works, by paths below its folder. Calls block.
  public init(_ result: BatchResult) {
    let others = try? OtherUnits(beside: result, isListedOnly: true)
    let entries = result.units.flatMap { unit in
      unit.settledRegions.compactMap { region in
        region.sha256.map { (path: "\(unit.folder)/\(region.file)", sha256: $0) }
      }
    }
    self.init(entries, others)
  }

  /// All files of an audited batch that is at rest: its images, and all that stands beside them. Calls block.
  ///
  /// - Throws: ``DiskError`` where a folder cannot be read.
  public init(resting result: BatchResult) throws(DiskError) {
    let others = try OtherUnits(beside: result, isListedOnly: false)
    let units = result.units + others.readable
    let regions = units.flatMap { unit in unit.regions.map { (path: "\(unit.folder)/\($0.file)", region: $0) } }
    // One that bears an image's name and is none by the evidence is left out as well: nothing tells what it was.
    let doubtful = Set(regions.filter { !$0.region.isHeldOnDisk }.map(\.path))
    // An image was read again when it was done; a line has thousands of them.
    let known = Dictionary(
      regions.compactMap { entry in
        entry.region.isHeldOnDisk ? entry.region.sha256.map { (entry.path, $0) } : nil
      }, uniquingKeysWith: { first, _ in first })
    var entries: [(path: String, sha256: String)] = []
    for path in try BatchFolder(existing: result.folder).files() where !others.hasUnreadable(path) {
      if let sha256 = known[path] {
        entries.append((path, sha256))
      } else if !doubtful.contains(path), let digest = try? ImageDigest(ofFile: "\(result.folder)/\(path)") {
        // One that cannot be read costs no other its line; verification tells of it.
        entries.append((path, digest.sha256))
      }
    }
    self.init(entries, others)
  }

  private init(_ entries: [(path: String, sha256: String)], _ others: OtherUnits?) {
    let carried = others?.entries.map { (path: $0.path, sha256: $0.sha256) } ?? []
    lines = (entries + carried).sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
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

extension UnitResult {
  /// The regions whose images stay as they are while a batch works: whole, proven, of a unit that went through. Any
  /// other may be gone on with at any instant, and its image is partial again from then on.
  var settledRegions: [RegionResult] {
    guard failure == nil, !interrupted else { return [] }
    return regions.filter { region in region.isHeldOnDisk && !region.blocks.contains { $0.evidence == .none } }
  }
}

extension RegionResult {
  /// Whether the file on the disk is not the image that the session wrote.
  public var isDamaged: Bool { checks.contains { $0.kind == CheckResult.fileKind && !$0.passed } }

  /// Whether the whole image is on the disk as the session wrote it, whatever its content is worth.
  var isHeldOnDisk: Bool { isComplete && !isDamaged }
}
