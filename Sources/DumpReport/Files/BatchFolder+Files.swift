import DurableFiles
import Foundation

extension BatchFolder {
  /// Paths of all files below the folder that a batch has left, sorted; without ``ChecksumList/fileName`` and its
  /// signature, hidden files and those half written. Calls block.
  ///
  /// - Throws: ``DiskError`` where a folder cannot be read.
  public func files() throws(DiskError) -> [String] {
    let own = try Self.entries(of: path)
    var files = own.files.filter { $0 != ChecksumList.fileName && $0 != ChecksumList.signatureName }
    for folder in own.folders { files += try Self.entries(of: "\(path)/\(folder)").files.map { "\(folder)/\($0)" } }
    return files.sorted()
  }

  /// Names of the folders below the folder; calls block.
  ///
  /// - Throws: ``DiskError`` where the folder cannot be read.
  func folders() throws(DiskError) -> [String] { try Self.entries(of: path).folders.sorted() }

  /// Whether a folder has nothing but transcripts, as a run leaves it that was killed before it came to write a unit's
  /// state; calls block.
  ///
  /// - Throws: ``DiskError`` where the folder cannot be read.
  func holdsTranscriptsAlone(_ name: String) throws(DiskError) -> Bool {
    let own = try Self.entries(of: "\(path)/\(name)")
    return own.folders.isEmpty && own.files.allSatisfy { $0.hasPrefix("console") && $0.contains(".log") }
  }

  private static func entries(of path: String) throws(DiskError) -> (files: [String], folders: [String]) {
    var (files, folders): ([String], [String]) = ([], [])
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw DiskError("cannot read the folder", path, reason: "\(error)", remedy: "see whether it is still there")
    }
    for name in names where !name.hasPrefix(".") {
      var status = stat()
      guard lstat("\(path)/\(name)", &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFREG: if !name.hasSuffix(".tmp") { files.append(name) }
      case S_IFDIR: folders.append(name)
      default: break
      }
    }
    return (files, folders)
  }
}
