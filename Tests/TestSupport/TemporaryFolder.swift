import Foundation

/// A folder that lives as long as one closure.
public struct TemporaryFolder: Sendable {
  /// Absolute path, without a slash at its end.
  public let path: String

  /// Path of an entry of this folder; nothing is created.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Makes an empty folder. Its path is kept short because socket paths end at 107 bytes.
  fileprivate init() throws {
    var template = Array("\(Self.parent)/batchdump.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw SystemCallError("mkdtemp", errno, "making a folder in \(Self.parent)")
    }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// What is in the folder may go by itself meanwhile: a device that is just ending takes its own link away.
  fileprivate func remove() throws {
    while true {
      do {
        return try FileManager.default.removeItem(atPath: path)
      } catch CocoaError.fileNoSuchFile where FileManager.default.fileExists(atPath: path) {
        continue
      }
    }
  }

  private static var parent: String { ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp" }
}

/// Makes a folder, runs `body`, and removes the folder with all that is in it, also when `body` throws.
public func withTemporaryFolder<Output>(_ body: (TemporaryFolder) async throws -> Output) async throws -> Output {
  let folder = try TemporaryFolder()
  do {
    let result = try await body(folder)
    try folder.remove()
    return result
  } catch {
    try? folder.remove()
    throw error
  }
}
