import Foundation

/// Why a file or a folder could not be read or written.
public struct DiskError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was being done.
  public var action: String
  /// The path it was done to.
  public var path: String
  /// The operating system's error number, 0 where it was not the operating system that refused.
  public var code: Int32
  /// What came, in words.
  public var reason: String
  /// What to do about it.
  public var remedy: String

  /// As a person reads it.
  public var description: String { "\(action) \(path): \(reason); \(remedy)" }

  /// A refusal that is not the operating system's.
  public init(_ action: String, _ path: String, reason: String, remedy: String) {
    self.action = action
    self.path = path
    code = 0
    self.reason = reason
    self.remedy = remedy
  }

  /// A refusal of the operating system, by its error number.
  public init(_ action: String, _ path: String, code: Int32 = errno) {
    self.action = action
    self.path = path
    self.code = code
    reason = String(cString: strerror(code))
    let isThere = ["cannot open", "cannot read"].contains { action.hasPrefix($0) }
    remedy =
      switch code {
      case ENOENT where isThere: "see whether the name is right and it is still there"
      case EACCES where isThere, EPERM where isThere: "ask whoever owns it to let you use it"
      case ENOENT: "see whether something else moves or removes files there"
      case EACCES, EPERM, EROFS: "choose a folder that you may write with --output"
      case ENOSPC, EDQUOT: "make room there; then `batchdump resume` goes on, and `watch` does by itself"
      case ENAMETOOLONG: "choose shorter names in the manifest"
      case ELOOP, ENOTDIR: "a link or a file stands in the way there: remove it or choose another folder with --output"
      case EEXIST: "it is somebody else's: move it away, or choose another folder with --output"
      case EMFILE, ENFILE: "too many files are open: see what else runs, or raise the limit (`ulimit -n`)"
      default: "see whether the disk is healthy and still mounted, then run again"
      }
  }
}
