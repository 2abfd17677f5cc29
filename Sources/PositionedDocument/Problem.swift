/// One thing that is wrong with a document.
public struct Problem: Sendable, Hashable, CustomStringConvertible {
  /// The document's name, usually its path.
  public var document: String
  /// Where in its text, absent where it has no lines (binary property lists) or could not be read at all.
  public var position: Position?
  /// Which value is meant; the root where the document as a whole is.
  public var path: DocumentPath
  /// What was expected, what was found, what to do.
  public var message: String

  /// A problem at a place of a document.
  public init(document: String, position: Position? = nil, path: DocumentPath = .root, message: String) {
    self.document = document
    self.position = position
    self.path = path
    self.message = message
  }

  /// `NAME:LINE:COLUMN: KEYPATH: MESSAGE`, without the parts that are not known.
  public var description: String {
    var parts = [position.map { "\(document):\($0)" } ?? document]
    if !path.elements.isEmpty { parts.append("\(path)") }
    return (parts + [message]).joined(separator: ": ")
  }
}

/// All that is wrong with a document, as far as it could be found at once; in the order of the text.
public struct DocumentError: Error, Sendable, Hashable, CustomStringConvertible {
  /// At least one.
  public let problems: [Problem]

  /// An error that says `problems`, sorted by position.
  public init(_ problems: [Problem]) {
    self.problems = problems.sortedByPosition
  }

  /// One line for each problem.
  public var description: String { problems.map(\.description).joined(separator: "\n") }
}

extension [Problem] {
  /// In the order of the text; those without a position come last, in the order in which they were found.
  fileprivate var sortedByPosition: [Problem] {
    enumerated().sorted { one, other in
      switch (one.element.position, other.element.position) {
      case (let first?, let second?) where first != second: first < second
      case (.some, nil): true
      case (nil, .some): false
      default: one.offset < other.offset
      }
    }.map(\.element)
  }
}
