import ConsoleDialect
import PositionedDocument

/// The dialects that a manifest can name: its own and those that come with batchdump. Its own come first, so that a
/// table can be corrected without waiting for a new version.
///
/// A reference, for it keeps what it has loaded: a thousand slots need each table once.
final class DialectShelf {
  private var own: [String: Dialect] = [:]
  /// Names whose tables are broken: that has been said, and nothing more needs to be said where they are used.
  private var broken: Set<String> = []
  private var builtIn: [String: Dialect] = [:]

  init(_ entries: [String: DialectEntry], folder: ManifestFolder, findings: Findings) {
    for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
      let path = DocumentPath.root.key("dialects").key(name)
      guard let dialect = Self.load(entry, path, folder, findings) else {
        broken.insert(name)
        continue
      }
      own[name] = dialect
      if dialect.name != name {
        let place = findings.document.node(at: path.key("name")) == nil ? path : path.key("name")
        findings.add(place, "the table's name is `\(dialect.name)`, but it is listed as `\(visible(name))`")
      }
    }
  }

  private static func load(
    _ entry: DialectEntry, _ path: DocumentPath, _ folder: ManifestFolder, _ findings: Findings
  ) -> Dialect? {
    switch entry {
    case .table(let dialect): return dialect
    case .file(let name):
      do throws(DocumentError) {
        return try Document.load(path: folder.resolve(name)).decode(Dialect.self)
      } catch {
        findings.add(path, "the dialect's file \"\(visible(name))\" cannot be used")
        for problem in error.problems { findings.add(problem) }
        return nil
      }
    }
  }

  /// The dialect of that name; nil where it is broken or there is none, the latter being a finding.
  func dialect(_ name: Sourced<String>, _ findings: Findings) -> Dialect? {
    if let dialect = own[name.value] { return dialect }
    if broken.contains(name.value) { return nil }
    if let dialect = builtIn[name.value] { return dialect }
    do {
      if let dialect = try Dialect.builtIn(named: name.value) {
        builtIn[name.value] = dialect
        return dialect
      }
    } catch {
      findings.add(name.path, "the built-in dialect `\(visible(name.value))` is broken: \(error)")
      return nil
    }
    let known = Set(own.keys).union(broken).union(Dialect.builtInNames).sorted()
    let list = Suggestion.list(for: name.value, among: known)
    findings.add(name.path, "there is no dialect `\(visible(name.value))`; \(list)")
    return nil
  }
}
