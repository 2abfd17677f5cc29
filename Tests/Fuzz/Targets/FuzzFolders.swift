import Foundation

/// Where this repository keeps what the targets start from.
public enum FuzzFolders {
  private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The tables of consoles that do not come with batchdump: their layouts are unlike U-Boot's.
  static let dialects = tests.appending(path: "ConsoleDialectTests/Captures/Dialects")

  /// The files of a folder beside the targets, such as `Seeds` or `Regressions`, that are for a target.
  public static func files(_ folder: String, of target: FuzzTarget) -> [URL] {
    let folder = tests.appending(path: "Fuzz/\(folder)/\(target.name)")
    let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    return (files ?? []).sorted { $0.lastPathComponent < $1.lastPathComponent }
  }
}
