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
  public func write(_ bytes: some Collection<UInt8>) throws(DiskError) {
    let draft = path + ".tmp"
    do throws(DiskError) {
      let file = try DiskFile(creating: draft, emptied: true)
      try file.append(Array(bytes))
      try file.sync()
      try file.rename(to: path)
    } catch {
      unlink(draft)
      throw error
    }
    try Self.sync(folder: Self.folder(of: path))
  }

  /// Returns when the names in a folder are on the disk.
  public static func sync(folder: String) throws(DiskError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw DiskError("cannot open", folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw DiskError("cannot sync", folder) }
  }

  /// The folder that holds a path, `.` for a bare name.
  public static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
