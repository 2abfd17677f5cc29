import PositionedDocument

/// What names may be. They become names of files and folders, and stand in reports.
enum NameRule {
  /// Leaves room for `.partial` and the like within the 255 bytes that file systems allow.
  static let longest = 100

  /// Why `name` is refused, if it is.
  static func objection(to name: String) -> String? {
    if name.isEmpty { return "the name is empty" }
    if name.utf8.count > longest { return "the name has \(name.utf8.count) bytes; at most \(longest) are allowed" }
    let shown = visible(name)
    if name.unicodeScalars.contains(where: { visible(String($0)) != String($0) }) {
      return "the name `\(shown)` contains characters that cannot be seen; remove them"
    }
    if name.contains("/") || name.contains("\\") {
      return "the name `\(shown)` leads to another folder; `/` and `\\` are not allowed"
    }
    if name.contains("..") { return "the name `\(shown)` contains `..`, which is not allowed" }
    if name.hasPrefix(".") { return "the name `\(shown)` starts with a dot, which would hide its file" }
    if name.hasPrefix(" ") || name.hasSuffix(" ") { return "the name `\(shown)` starts or ends with a blank" }
    return nil
  }

  /// Why an image cannot have this file name, if so.
  static func objection(toFile name: String) -> String? {
    if let objection = objection(to: name) { return objection }
    let endings = [".partial", ".map", ".evidence.json", ".tmp"]
    let isOurs = isTranscript(name) || name == "unit.json" || endings.contains(where: name.hasSuffix)
    return isOurs ? "`\(name)` is a file that batchdump writes itself; choose another ending" : nil
  }

  /// Whether a session's transcript or a segment of one may be called so: `console.log`, `console-2.log.1.gz`.
  private static func isTranscript(_ name: String) -> Bool {
    name.wholeMatch(of: /console(-[0-9]+)?\.log(\.[0-9]+(\.gz(\.tmp)?)?)?/) != nil
  }
}
