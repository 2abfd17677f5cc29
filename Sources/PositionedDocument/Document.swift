import Foundation

/// A JSON text or a property list, read into a tree that remembers where each value stands.
///
/// Which of the forms it is follows from its content. Foundation's decoders are not used, since they tell neither
/// positions nor unknown nor duplicate keys.
public struct Document: Sendable {
  /// What messages call it, usually its path.
  public let name: String
  /// The form it was found to have.
  public let format: DocumentFormat
  /// The whole value.
  public let root: DocumentNode
  private let lines: LineIndex

  /// Reads the file at `path`, which may also be a pipe. Its size is checked before any of it is read.
  ///
  /// - Throws: ``DocumentError`` where the file cannot be read, is larger than `limits`, or is damaged.
  public static func load(path: String, limits: DocumentLimits = DocumentLimits()) throws(DocumentError) -> Document {
    try parse(try DocumentFile.read(path, limits: limits), name: path, limits: limits)
  }

  /// The bytes of the file at `path`, for ``parse(_:name:limits:)`` and whatever else needs the very same bytes.
  ///
  /// - Throws: ``DocumentError`` where the file cannot be read or is larger than `limits`.
  public static func bytes(path: String, limits: DocumentLimits = DocumentLimits()) throws(DocumentError) -> [UInt8] {
    try DocumentFile.read(path, limits: limits)
  }

  /// Reads `bytes`; messages will call them `name`.
  ///
  /// - Throws: ``DocumentError`` with the first syntax error, or with all keys that stand twice in one object.
  public static func parse(
    _ bytes: [UInt8], name: String, limits: DocumentLimits = DocumentLimits()
  ) throws(DocumentError) -> Document {
    if bytes.count > limits.bytes { throw DocumentFile.tooLarge(name, bytes: bytes.count, limits: limits) }
    let lines = LineIndex(bytes)
    let isBinary = bytes.starts(with: Array("bplist".utf8))
    let place = { (offset: Int) in isBinary ? nil : lines.position(at: offset) }
    let (document, duplicates): (Document, [DuplicateKey])
    do throws(SyntaxError) {
      let format = try DocumentFormat.recognise(bytes)
      let (root, found) = try read(bytes, as: format, depthLimit: limits.depth)
      (document, duplicates) = (Document(name: name, format: format, root: root, lines: lines), found)
    } catch {
      throw DocumentError([Problem(document: name, position: place(error.offset), message: error.message)])
    }
    if duplicates.isEmpty { return document }
    throw DocumentError(duplicates.map { $0.problem(in: name, place: place) })
  }

  private static func read(
    _ bytes: [UInt8], as format: DocumentFormat, depthLimit: Int
  ) throws(SyntaxError) -> (DocumentNode, [DuplicateKey]) {
    switch format {
    case .json:
      var reader = JSONReader(bytes, depthLimit: depthLimit)
      return (try reader.readDocument(), reader.duplicates)
    case .xmlPropertyList:
      let reader = XMLPropertyListReader(bytes, depthLimit: depthLimit)
      return (try reader.readDocument(), reader.duplicates)
    case .binaryPropertyList:
      var reader = BinaryPropertyListReader(bytes, depthLimit: depthLimit)
      return (try reader.readDocument(), reader.duplicates)
    }
  }

  /// Where `path` stands, or the nearest value around it that the document has; nil in a binary property list.
  public func position(of path: DocumentPath) -> Position? { position(at: node(nearest: path).offset) }

  /// Where the key at the end of `path` stands, if the document has it.
  public func position(ofKeyAt path: DocumentPath) -> Position? {
    guard case .key(let key)? = path.elements.last else { return position(of: path) }
    let parent = node(nearest: DocumentPath(Array(path.elements.dropLast())))
    return position(at: parent.member(key)?.keyOffset ?? parent.offset)
  }

  /// The value at `path`, if the document has it.
  public func node(at path: DocumentPath) -> DocumentNode? {
    path.elements.reduce(root) { $0?.child($1) }
  }

  /// A problem with the value at `path`.
  public func problem(at path: DocumentPath, _ message: String) -> Problem {
    Problem(document: name, position: position(of: path), path: path, message: message)
  }

  private func node(nearest path: DocumentPath) -> DocumentNode {
    var node = root
    for element in path.elements {
      guard let child = node.child(element) else { break }
      node = child
    }
    return node
  }

  func position(at offset: Int) -> Position? {
    format == .binaryPropertyList ? nil : lines.position(at: offset)
  }
}

extension DocumentNode {
  fileprivate func child(_ element: DocumentPath.Element) -> DocumentNode? {
    switch (value, element) {
    case (.object, .key(let key)): member(key)?.node
    case (.array(let elements), .index(let index)) where elements.indices.contains(index): elements[index]
    default: nil
    }
  }
}

extension DuplicateKey {
  fileprivate func problem(in document: String, place: (Int) -> Position?) -> Problem {
    let first = place(self.first).map { "it first stands at \($0)" } ?? "it stands twice"
    let message = "duplicate key `\(visible(key))`; \(first)"
    return Problem(document: document, position: place(second), path: path, message: message)
  }
}
