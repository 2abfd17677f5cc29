import PositionedDocument

/// All that is wrong with a manifest: each problem once, with its place. A reference, since every rule adds to it.
///
/// What is written once for all slots is checked against each slot's dialect, so the same finding may come often.
final class Findings {
  /// Nobody reads more; a list of a thousand equal regions would say half a million things.
  private static let limit = 100
  let document: Document
  private(set) var problems: [Problem] = []
  private var seen: Set<Problem> = []

  init(_ document: Document) { self.document = document }

  func add(_ path: DocumentPath, _ message: String) { add(document.problem(at: path, message)) }

  /// A finding about a key rather than its value.
  func add(keyAt path: DocumentPath, _ message: String) {
    let position = document.position(ofKeyAt: path)
    add(Problem(document: document.name, position: position, path: path, message: message))
  }

  func add(_ problem: Problem) {
    guard problems.count <= Self.limit, seen.insert(problem).inserted else { return }
    let more = Problem(document: document.name, message: "more problems are not shown")
    problems.append(problems.count < Self.limit ? problem : more)
  }

  /// Adds the message if there is one.
  func add(_ path: DocumentPath, ifAny message: String?) {
    if let message { add(path, message) }
  }
}

/// A value with the place in the manifest that it comes from.
struct Sourced<Value> {
  var value: Value
  var path: DocumentPath
}

extension Sourced: Sendable where Value: Sendable {}
