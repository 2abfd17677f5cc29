import Foundation

/// A small file that is either there whole or not at all, whatever happens to the machine meanwhile.
///
/// The bytes go to `NAME.tmp`, reach the disk, get their name by a rename, and then the folder reaches the disk.
/// Calls block.
public struct DurableFile: Sendable {
  /// Where the file is to stand.
  public let path: String

  /// A file at a path whose folder exists.
  public init(_ path: String) {
    self.path = path
  }

  /// Replaces the file by one with these bytes. When it throws, what stood at ``path`` before still does, unless only
  /// the last step, bringing the folder to the disk, has failed.
  public func write(_ bytes: some Collection<UInt8>) throws(ReportError) {
    let draft = path + ".tmp"
    do {
      try write(Array(bytes), to: draft)
    } catch {
      unlink(draft)
      throw error
    }
    guard rename(draft, path) == 0 else {
      let error = ReportError("cannot rename \(draft) to", path)
      unlink(draft)
      throw error
    }
    try Self.sync(folder: Self.folder(of: path))
  }

  private func write(_ bytes: [UInt8], to draft: String) throws(ReportError) {
    // A link left at the draft's place must not lead the bytes elsewhere.
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw ReportError("cannot create", draft) }
    defer { close(descriptor) }
    var done = 0
    while done < bytes.count {
      let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + done, bytes.count - done) }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw ReportError("cannot write", draft) }
      done += written
    }
    guard fsync(descriptor) == 0 else { throw ReportError("cannot sync", draft) }
  }

  /// Returns when the names in a folder are on the disk.
  static func sync(folder: String) throws(ReportError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ReportError("cannot open", folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw ReportError("cannot sync", folder) }
  }

  /// The folder that holds a path, `.` for a bare name.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
