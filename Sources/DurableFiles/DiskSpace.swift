import Foundation

/// Room on the disk.
public enum DiskSpace {
  /// Bytes that a file has on the disk, those reserved for it among them; nil where there is none.
  public static func taken(by path: String) -> Int? {
    var status = stat()
    return lstat(path, &status) == 0 ? Int(status.st_blocks) * 512 : nil
  }

  /// Bytes that whoever runs this may still write where `path` is; nil where that cannot be told.
  public static func free(at path: String) -> Int? {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return nil }
    return Int(clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
  }
}
