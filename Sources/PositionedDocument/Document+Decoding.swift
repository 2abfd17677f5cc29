extension Document {
  /// Makes a `T` of the document, and tells all that stands in the way of it at once: values of the wrong type,
  /// missing keys, keys that `T` never asks for, and what initialisers refuse with `DecodingError.dataCorrupted`.
  ///
  /// The keys `$schema` and `$comment` are allowed in every object. Types that try several forms of one value should
  /// do so on the single-value container of its decoder: there a failed attempt leaves no trace.
  public func decode<T: Decodable>(_ type: T.Type) throws(DocumentError) -> T { try decodeWithKeys(type).value }

  /// As ``decode(_:)``, and tells which keys were asked for.
  public func decodeWithKeys<T: Decodable>(_ type: T.Type) throws(DocumentError) -> (value: T, keys: AskedKeys) {
    let record = DecodingRecord(document: self)
    let place = DecodingPlace(node: root, path: .root, mode: .collecting, record: record)
    let value = try? place.decode(type)
    record.addUnknownKeys()
    if let value, record.problems.isEmpty { return (value, record.asked) }
    throw DocumentError(record.problems)
  }
}

/// The keys that a type asked for while it was decoded, by object.
public struct AskedKeys: Sendable, Hashable {
  /// The keys asked for, in order, by the object's path.
  public private(set) var byPath: [DocumentPath: [String]] = [:]

  mutating func note(_ key: String, at path: DocumentPath) {
    if byPath[path]?.contains(key) != true { byPath[path, default: []].append(key) }
  }

  mutating func open(_ path: DocumentPath) { byPath[path, default: []] += [] }
}

/// What one decoding has found out so far. A reference, since all decoders and containers of it write to it.
final class DecodingRecord {
  private static let problemLimit = 100
  private static let alwaysAllowed = ["$schema", "$comment"]
  let document: Document
  private(set) var asked = AskedKeys()
  private(set) var problems: [Problem] = []
  /// Objects whose decoding ended early: which keys they would have asked for is not known.
  private var incomplete: Set<DocumentPath> = []
  /// Objects that are taken as dictionaries: every key is allowed.
  private var dictionaries: Set<DocumentPath> = []
  /// Grows with each problem, also with those beyond the limit.
  private(set) var count = 0

  init(document: Document) { self.document = document }

  func note(_ key: String, at path: DocumentPath) {
    if !dictionaries.contains(path) { asked.note(key, at: path) }
  }
  func open(_ path: DocumentPath) { asked.open(path) }
  func markIncomplete(_ path: DocumentPath) { incomplete.insert(path) }
  func markDictionary(_ path: DocumentPath) { dictionaries.insert(path) }

  func add(_ error: any Error, at path: DocumentPath) {
    // Places take time to find; nobody sees those behind the limit.
    guard problems.count < Self.problemLimit || error is AlreadyRecorded else { return addMore() }
    switch error {
    case is AlreadyRecorded: break
    case DecodingError.keyNotFound(let key, let context):
      add(context.path(in: document), "missing key `\(key.stringValue)`")
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context):
      add(context.path(in: document), context.debugDescription)
    default: add(path, "\(error)")
    }
  }

  /// Initialisers quote what they refuse, and not all of them think of what it may do to a terminal.
  private func add(_ path: DocumentPath, _ message: String) {
    add(document.problem(at: path, visible(message, limit: 1000)))
  }

  private func add(_ problem: Problem) {
    guard problems.count < Self.problemLimit else { return addMore() }
    count += 1
    problems.append(problem)
  }

  private func addMore() {
    count += 1
    if problems.count > Self.problemLimit { return }
    problems.append(Problem(document: document.name, message: "more problems are not shown"))
  }

  func addUnknownKeys() {
    // In the document's order: a dictionary's own order differs from run to run.
    let objects = asked.byPath.compactMap { path, allowed in
      document.node(at: path).map { (node: $0, path: path, allowed: allowed) }
    }
    for object in objects.sorted(by: { $0.node.offset < $1.node.offset }) {
      guard !incomplete.contains(object.path), !dictionaries.contains(object.path) else { continue }
      addUnknownKeys(of: object.node, at: object.path, allowed: object.allowed)
    }
  }

  private func addUnknownKeys(of node: DocumentNode, at path: DocumentPath, allowed: [String]) {
    guard case .object(let members) = node.value else { return }
    for member in members where !(allowed + Self.alwaysAllowed).contains(member.key) {
      guard problems.count < Self.problemLimit else { return addMore() }
      let advice = Suggestion.advice(for: member.key, among: allowed)
      let message = "unknown key `\(visible(member.key))`; \(advice)"
      let position = document.position(at: member.keyOffset)
      add(Problem(document: document.name, position: position, path: path, message: message))
    }
  }
}

/// Thrown where the problem is in the record already.
struct AlreadyRecorded: Error {}

extension DecodingError.Context {
  /// The coding path, read along the document: only there is it known which steps are indexes.
  fileprivate func path(in document: Document) -> DocumentPath {
    var path = DocumentPath.root
    for key in codingPath {
      if case .array? = document.node(at: path)?.value, let index = key.intValue {
        path = path.index(index)
      } else {
        path = path.key(key.stringValue)
      }
    }
    return path
  }
}
