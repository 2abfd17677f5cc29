import Foundation

/// Reading a document's file without trusting its size.
enum DocumentFile {
  static func read(_ path: String, limits: DocumentLimits) throws(DocumentError) -> [UInt8] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw failure(path, "there is no such file")
    }
    if isFolder.boolValue { throw failure(path, "this is a folder; expected a file") }
    let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    if let size, size > limits.bytes { throw tooLarge(path, bytes: size, limits: limits) }
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw failure(path, "the file cannot be opened; are you allowed to read it?")
    }
    defer { try? handle.close() }
    let bytes: [UInt8]
    do {
      bytes = try readAll(handle, atMost: limits.bytes + 1)
    } catch {
      throw failure(path, "the file cannot be read: \(error.localizedDescription)")
    }
    // Pipes and devices have no size to ask for.
    if bytes.count > limits.bytes { throw tooLarge(path, bytes: nil, limits: limits) }
    return bytes
  }

  private static func readAll(_ handle: FileHandle, atMost limit: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < limit {
      guard let piece = try handle.read(upToCount: min(limit - bytes.count, 1 << 16)), !piece.isEmpty else { break }
      bytes += piece
    }
    return bytes
  }

  static func tooLarge(_ name: String, bytes: Int?, limits: DocumentLimits) -> DocumentError {
    let size = bytes.map { "the file has \($0) bytes" } ?? "the file is too large"
    return failure(name, "\(size); at most \(limits.bytes) are read")
  }

  private static func failure(_ name: String, _ message: String) -> DocumentError {
    DocumentError([Problem(document: name, message: message)])
  }
}
