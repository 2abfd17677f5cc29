/// The folder that a manifest's relative paths start from: its own.
struct ManifestFolder: Sendable {
  /// Empty for the current folder.
  var path: String

  /// The folder of the file at `path`.
  init(ofFileAt path: String) {
    self.path = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  init(_ path: String) { self.path = path.isEmpty || path.hasSuffix("/") ? path : path + "/" }

  /// `relative` as seen from where the program runs. Absolute paths stay what they are; `.` steps are taken out, so that
  /// two ways of writing the same path are equal as far as that can be told without looking at the disk.
  func resolve(_ relative: String) -> String {
    let whole = relative.hasPrefix("/") ? relative : path + relative
    let parts = whole.split(separator: "/").filter { $0 != "." }
    let joined = parts.joined(separator: "/")
    return whole.hasPrefix("/") ? "/" + joined : joined.isEmpty ? "." : joined
  }

  /// A program and its arguments, the program as seen from where this one runs. A bare name stays what it is, and is
  /// looked for in `PATH`.
  func resolve(program: [String]) -> [String] {
    guard let name = program.first, name.contains("/") else { return program }
    let path = resolve(name)
    return [path.contains("/") ? path : "./" + path] + program.dropFirst()
  }
}
