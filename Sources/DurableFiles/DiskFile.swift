import CDiskSpace
import Foundation
import Synchronization

/// A file that is written in place and told to reach the disk. Calls block.
public final class DiskFile: Sendable {
  private let descriptor: Int32
  private let name: Mutex<String>

  /// Opens `path` for reading and writing, made if it is not there; never follows a link that somebody left there.
  ///
  /// - Parameter emptied: whether what it holds is dropped.
  public init(creating path: String, emptied: Bool = false) throws(DiskError) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (emptied ? O_TRUNC : 0), 0o644)
    name = Mutex(path)
    guard descriptor >= 0 else { throw DiskError("cannot create", path) }
  }

  /// Opens `path`, which exists, for reading and writing; never follows a link that somebody left there.
  public init(existing path: String) throws(DiskError) {
    descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
    name = Mutex(path)
    guard descriptor >= 0 else { throw DiskError("cannot open", path) }
  }

  /// Opens `path`, which exists, for reading alone; never follows a link that somebody left there.
  public init(reading path: String) throws(DiskError) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    name = Mutex(path)
    guard descriptor >= 0 else { throw DiskError("cannot open", path) }
  }

  deinit { close(descriptor) }

  /// How many bytes stand at `path`, a link not followed; nil where nothing does.
  public static func size(at path: String) throws(DiskError) -> Int? {
    var status = stat()
    if lstat(path, &status) == 0 { return Int(status.st_size) }
    guard errno == ENOENT else { throw DiskError("cannot read", path) }
    return nil
  }

  /// Gives what stands at a path another name in the same file system.
  public static func rename(_ path: String, to other: String) throws(DiskError) {
    guard Glibc.rename(path, other) == 0 else { throw DiskError("cannot rename \(path) to", other) }
  }

  /// Where the file is now.
  public var path: String { name.withLock { $0 } }

  /// Writes all of `bytes` at a place in the file.
  public func write(_ bytes: [UInt8], at offset: Int) throws(DiskError) {
    try whole(bytes) { pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset + $1)) }
  }

  /// Writes all of `bytes` where the last write ended.
  public func append(_ bytes: [UInt8]) throws(DiskError) {
    try whole(bytes) { pointer, _ in Glibc.write(descriptor, pointer.baseAddress, pointer.count) }
  }

  /// Reads exactly `count` bytes.
  public func read(_ count: Int, at offset: Int) throws(DiskError) -> [UInt8] {
    var done = 0
    var atEnd = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while done < count {
        let got = pread(descriptor, buffer.baseAddress! + done, count - done, off_t(offset + done))
        if got < 0 && errno == EINTR { continue }
        atEnd = got == 0
        if got <= 0 { break }
        done += got
      }
      filled = done
    }
    if done < count, atEnd {
      throw DiskError(
        "cannot read", path, reason: "expected \(count) bytes at \(offset), the file ends \(count - done) before that",
        remedy: "see what has cut it")
    }
    guard done == count else { throw DiskError("cannot read", path) }
    return bytes
  }

  /// How many bytes the file has now.
  public var size: Int {
    get throws(DiskError) {
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { throw DiskError("cannot read", path) }
      return Int(status.st_size)
    }
  }

  /// Takes room on the disk for so many bytes from the file's start; its size and content stay. A file system that
  /// cannot do that takes none.
  public func reserve(_ count: Int) throws(DiskError) {
    switch disk_space_reserve(descriptor, off_t(count)) {
    case 0, EOPNOTSUPP, ENOSYS: return
    case let code: throw DiskError("cannot make room for \(count) bytes in", path, code: code)
    }
  }

  /// Cuts off what lies behind so many bytes.
  public func truncate(to count: Int) throws(DiskError) {
    guard ftruncate(descriptor, off_t(count)) == 0 else { throw DiskError("cannot cut", path) }
  }

  /// Returns when the data are on the disk.
  public func sync() throws(DiskError) {
    guard fdatasync(descriptor) == 0 else { throw DiskError("cannot sync", path) }
  }

  /// Gives the file another name in the same file system; what stands there is replaced.
  public func rename(to other: String) throws(DiskError) {
    try Self.rename(path, to: other)
    name.withLock { $0 = other }
  }

  private func whole(
    _ bytes: [UInt8], _ write: (UnsafeRawBufferPointer, _ done: Int) -> Int
  ) throws(DiskError) {
    var done = 0
    while done < bytes.count {
      let written = bytes.withUnsafeBytes { write(UnsafeRawBufferPointer(rebasing: $0[done...]), done) }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw DiskError("cannot write", path) }
      done += written
    }
  }
}
