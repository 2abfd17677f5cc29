import DurableFiles
import Foundation

/// What lies in a batch folder, by name and kind; nothing in it is opened, and no link is followed.
struct FolderScan {
  /// What an entry is.
  enum Kind: Equatable {
    /// A plain file with its size in bytes.
    case file(Int)
    /// A folder.
    case folder
    /// A link, a pipe, a socket, a device.
    case other(String)
  }

  /// Most entries that are looked at; more are no batch's.
  private static let most = 1 << 20

  /// Entries by their path below the folder, two levels deep; without hidden ones and those half written.
  private(set) var entries: [String: Kind] = [:]

  /// Looks through a folder; calls block.
  ///
  /// - Throws: ``DiskError`` where a folder cannot be read, or holds more than any batch leaves.
  init(_ path: String) throws(DiskError) {
    try add(path, "")
    for folder in folders { try add("\(path)/\(folder)", "\(folder)/") }
  }

  /// Folders at the top, sorted.
  var folders: [String] { entries.filter { $0.value == .folder && !$0.key.contains("/") }.keys.sorted() }

  /// Paths of plain files, sorted; without the list of checksums and its signature.
  var files: [String] {
    entries.filter { isFile($0.key) }.keys.sorted().filter {
      $0 != ChecksumList.fileName && $0 != ChecksumList.signatureName
    }
  }

  /// Whether there is a plain file.
  func isFile(_ path: String) -> Bool { size(path) != nil }

  /// Size of a plain file in bytes.
  func size(_ path: String) -> Int? {
    if case .file(let size) = entries[path] { size } else { nil }
  }

  /// What is at a path, in words.
  func words(_ path: String) -> String {
    switch entries[path] {
    case .file: "a plain file"
    case .folder: "a folder"
    case .other(let word): word
    case nil: "nothing"
    }
  }

  /// What no batch leaves: links, pipes, folders within units' folders.
  var strangers: [VerificationFinding] {
    entries.keys.sorted().compactMap { path in
      switch entries[path] {
      case .other(let word):
        VerificationFinding(
          .wrong, path, "expected a plain file or a unit's folder, found \(word), which was not followed: remove it")
      case .folder where path.contains("/"):
        VerificationFinding(.wrong, path, "expected plain files alone in a unit's folder, found a folder: remove it")
      default: nil
      }
    }
  }

  private mutating func add(_ folder: String, _ prefix: String) throws(DiskError) {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw DiskError("cannot read the folder", folder, reason: "\(error)", remedy: "see whether you may read it")
    }
    for name in names where !name.hasPrefix(".") {
      guard entries.count < Self.most else {
        throw DiskError(
          "cannot check", folder, reason: "expected at most \(Self.most) files", remedy: "see what else writes there")
      }
      var status = stat()
      guard lstat("\(folder)/\(name)", &status) == 0 else { continue }
      let kind = Self.kind(of: status)
      if case .file = kind, name.hasSuffix(".tmp") { continue }
      entries[prefix + name] = kind
    }
  }

  private static func kind(of status: stat) -> Kind {
    switch status.st_mode & S_IFMT {
    case S_IFREG: .file(Int(status.st_size))
    case S_IFDIR: .folder
    case S_IFLNK: .other("a link")
    case S_IFIFO: .other("a pipe")
    case S_IFSOCK: .other("a socket")
    default: .other("a device")
    }
  }
}
