import CZlib
import Foundation

/// A file that is read from its beginning to its end, unpacked where it is a gzip file.
struct PackedFile: ~Copyable {
  private static let buffer: UInt32 = 1 << 17

  private let file: gzFile
  private let path: String

  /// Opens a file; never follows a link that somebody left there.
  init(_ path: String) throws(TranscriptError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else {
      throw TranscriptError(path: path, line: 0, reason: "cannot open: \(String(cString: strerror(errno)))")
    }
    guard let file = gzdopen(descriptor, "rb") else {
      close(descriptor)
      throw TranscriptError(path: path, line: 0, reason: "cannot be read: zlib gets no memory")
    }
    gzbuffer(file, Self.buffer)
    self.file = file
    self.path = path
  }

  deinit { gzclose(file) }

  /// Reads some bytes behind the first `filled` of a buffer. Returns how many; 0 at the end.
  ///
  /// - Throws: where the file cannot be read or what was packed is damaged; a file that merely ends early is no error.
  func read(into buffer: inout [UInt8], from filled: Int, line: Int) throws(TranscriptError) -> Int {
    let count = buffer.withUnsafeMutableBufferPointer { room in
      gzread(file, room.baseAddress.map { $0 + filled }, UInt32(room.count - filled))
    }
    guard count < 0 else { return Int(count) }
    var code: Int32 = 0
    let words = gzerror(file, &code).map { String(cString: $0) } ?? "zlib error \(code)"
    let reason = code == Z_ERRNO ? String(cString: strerror(errno)) : words
    throw TranscriptError(path: path, line: line, reason: "cannot be read any further: \(reason)")
  }

  /// Whether what was packed ends before its end; known once all was read.
  var isCut: Bool {
    var code: Int32 = 0
    _ = gzerror(file, &code)
    return code == Z_BUF_ERROR
  }
}
