import Foundation
import NIOPosix
import Synchronization

/// A file that is written in place and told to reach the disk. Calls block: async code goes through ``Disk/run(_:)``.
final class DiskFile: Sendable {
  private let descriptor: Int32
  private let name: Mutex<String>

  /// Opens `path` for reading and writing, made if it is not there; never follows a link that somebody left there.
  init(creating path: String) throws(SessionError) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
    name = Mutex(path)
    guard descriptor >= 0 else { throw .disk("cannot create", path) }
  }

  deinit { close(descriptor) }

  /// Where the file is now.
  var path: String { name.withLock { $0 } }

  /// Writes all of `bytes` at a place in the file.
  func write(_ bytes: [UInt8], at offset: Int) throws(SessionError) {
    try whole(bytes) { pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset + $1)) }
  }

  /// Writes all of `bytes` where the last write ended.
  func append(_ bytes: [UInt8]) throws(SessionError) {
    try whole(bytes) { pointer, _ in Glibc.write(descriptor, pointer.baseAddress, pointer.count) }
  }

  /// Reads exactly `count` bytes.
  func read(_ count: Int, at offset: Int) throws(SessionError) -> [UInt8] {
    var done = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while done < count {
        let got = pread(descriptor, buffer.baseAddress! + done, count - done, off_t(offset + done))
        if got < 0 && errno == EINTR { continue }
        if got <= 0 { break }
        done += got
      }
      filled = done
    }
    guard done == count else { throw .disk("cannot read", path) }
    return bytes
  }

  /// Returns when the data are on the disk.
  func sync() throws(SessionError) {
    guard fdatasync(descriptor) == 0 else { throw .disk("cannot sync", path) }
  }

  /// Empties the file.
  func truncate() throws(SessionError) {
    guard ftruncate(descriptor, 0) == 0 else { throw .disk("cannot truncate", path) }
  }

  /// Gives the file another name in the same file system; what stands there is replaced.
  func rename(to other: String) throws(SessionError) {
    guard Glibc.rename(path, other) == 0 else { throw .disk("cannot rename to \(other):", path) }
    name.withLock { $0 = other }
  }

  private func whole(
    _ bytes: [UInt8], _ write: (UnsafeRawBufferPointer, _ done: Int) -> Int
  ) throws(SessionError) {
    var done = 0
    while done < bytes.count {
      let written = bytes.withUnsafeBytes { write(UnsafeRawBufferPointer(rebasing: $0[done...]), done) }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw .disk("cannot write", path) }
      done += written
    }
  }
}

/// Where blocking calls are made: the cooperative pool has a thread for each core, and a sync may take seconds.
enum Disk {
  /// Runs `work` on a thread that may block.
  static func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws(SessionError) -> T {
    let loop = MultiThreadedEventLoopGroup.singleton.any()
    do {
      // The future, not the async variant: that one drops work when the task is cancelled, and what is held must be
      // saved all the same.
      return try await NIOThreadPool.singleton.runIfActive(eventLoop: loop, work).get()
    } catch {
      throw error as? SessionError ?? SessionError(.disk, "\(error)")
    }
  }
}

extension SessionError {
  /// A failure of the disk, with what the operating system says.
  static func disk(_ what: String, _ path: String) -> SessionError {
    let code = errno
    let remedy =
      switch code {
      case ENOSPC, EDQUOT: "; make room there, then run again"
      case EACCES, EPERM, EROFS: "; choose a folder that you may write with --output"
      default: ""
      }
    return SessionError(.disk, "\(what) \(path): \(String(cString: strerror(code)))\(remedy)")
  }
}
