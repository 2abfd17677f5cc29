import DumpEngine
import DurableFiles

extension CheckResult {
  /// The kind of the check that no manifest asks for: the file on disk is the image that the session wrote.
  package static let fileKind = "file"
}

extension BatchResult {
  /// The same result after reading every complete image again from the disk, where the reports will send people.
  ///
  /// Calls block for as long as the disk takes.
  public func audited() -> BatchResult {
    var audited = self
    audited.units = units.map { $0.audited(in: folder) }
    return audited
  }
}

extension UnitResult {
  /// The same result after reading the unit's complete images again, below a batch folder.
  ///
  /// A region whose file is gone, has another size or other digests than the session's gets a failed check of kind
  /// `file`, which makes it unusable. Calls block for as long as the disk takes.
  public func audited(in batchFolder: String) -> UnitResult {
    var audited = self
    for index in regions.indices where regions[index].isComplete {
      audited.regions[index].checks.removeAll { $0.kind == CheckResult.fileKind }
      guard let problem = audited.regions[index].compare(withDisk: batchFolder, unitFolder: folder) else { continue }
      audited.regions[index].checks.append(
        CheckResult(kind: CheckResult.fileKind, passed: false, message: problem))
    }
    return audited
  }
}

extension RegionResult {
  /// Reads the image again and takes over its digests; says what is wrong with it, if anything.
  fileprivate mutating func compare(withDisk folder: String, unitFolder: String) -> String? {
    for name in [unitFolder, file] where !Self.isOneComponent(name) {
      return "expected a plain name, found \(SafeText(name, limit: 64)), which could lead out of the batch folder"
    }
    let digest: ImageDigest
    do throws(DiskError) {
      digest = try ImageDigest(ofFile: "\(folder)/\(unitFolder)/\(file)")
    } catch {
      return error.description
    }
    guard digest.size == size else {
      return "expected \(size.grouped) bytes on the disk, found \(digest.size.grouped): " + Self.remedy
    }
    guard let sha256, sha256 == digest.sha256 else {
      return "expected sha256 \(sha256 ?? "from the session, which left none"), the file on the disk has "
        + "\(digest.sha256): " + Self.remedy
    }
    if let crc32, crc32 != digest.crc32 {
      return "expected crc32 \(crc32.hex), the file on the disk has \(digest.crc32.hex): " + Self.remedy
    }
    crc32 = digest.crc32
    return nil
  }

  private static let remedy = "something else has changed the file, or the disk fails; dump this unit again"

  private static func isOneComponent(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".." && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
  }
}
