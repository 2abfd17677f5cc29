import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Reads a property list in XML through Foundation's parser, with the place of each value.
final class XMLPropertyListReader: NSObject, XMLParserDelegate {
  private var place: PlaceCursor
  private let bytes: [UInt8]
  private let depthLimit: Int
  private var open: [XMLElementInProgress] = []
  private var root: DocumentNode?
  private var failure: SyntaxError?
  private(set) var duplicates: [DuplicateKey] = []

  init(_ bytes: [UInt8], depthLimit: Int) {
    self.bytes = bytes
    place = PlaceCursor(bytes)
    self.depthLimit = depthLimit
  }

  func readDocument() throws(SyntaxError) -> DocumentNode {
    try XMLProlog.check(bytes)
    let parser = XMLParser(data: Data(bytes))
    parser.shouldResolveExternalEntities = false
    parser.delegate = self
    let isRead = parser.parse()
    if let failure { throw failure }
    guard isRead, parser.parserError == nil, let root else {
      throw SyntaxError(offset: bytes.count, message: "the property list ends too early; expected `</plist>`")
    }
    return root
  }

  // MARK: XMLParserDelegate

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    let offset = startOfTag(before: parser)
    if name == "dict" || name == "array", open.count > depthLimit {
      return fail(parser, offset, "more than \(depthLimit) arrays and dicts within each other")
    }
    if let message = misplaced(name) { return fail(parser, offset, message) }
    open.append(XMLElementInProgress(name: name, offset: offset))
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    guard let element = open.last, failure == nil else { return }
    if element.isContainer, !text.allSatisfy(\.isWhitespace) {
      let found = visible(text.trimmingCharacters(in: .whitespacesAndNewlines))
      let message = "the text \"\(found)\" stands in `<\(element.name)>`; expected an element"
      return fail(parser, offset(of: parser), message)
    }
    open[open.count - 1].text += text
  }

  func parser(_ parser: XMLParser, foundCDATA block: Data) {
    self.parser(parser, foundCharacters: String(decoding: block, as: UTF8.self))
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    guard failure == nil, let element = open.popLast() else { return }
    do throws(SyntaxError) {
      try close(element)
    } catch {
      fail(parser, error.offset, error.message)
    }
  }

  func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) {
    let reason = XMLProlog.reason(of: (error as NSError).code)
    fail(parser, offset(of: parser), "\(reason); expected a property list in XML")
  }

  // MARK: The tree

  private func misplaced(_ name: String) -> String? {
    guard let parent = open.last else {
      return name == "plist" ? nil : "expected `<plist>`, found `<\(visible(name))>`"
    }
    if !parent.isContainer { return "`<\(visible(name))>` stands in `<\(parent.name)>`, which holds text only" }
    guard XMLElementInProgress.names.contains(name) else {
      return "unknown element `<\(visible(name))>`; allowed: " + XMLElementInProgress.names.joined(separator: ", ")
    }
    switch (parent.name, name == "key") {
    case ("dict", true): return parent.key == nil ? nil : "the key `\(visible(parent.key?.text ?? ""))` has no value"
    case ("dict", false): return parent.key == nil ? "a value without a key; expected `<key>`" : nil
    case ("plist", _) where !parent.elements.isEmpty: return "a property list holds one value; this is a second one"
    default: return name == "key" ? "`<key>` stands in `<\(parent.name)>`; it belongs into `<dict>`" : nil
    }
  }

  private func close(_ element: XMLElementInProgress) throws(SyntaxError) {
    if element.name == "plist" {
      guard let value = element.elements.first else {
        throw SyntaxError(offset: element.offset, message: "the property list is empty; expected one value")
      }
      root = value
    } else if element.name == "key" {
      open[open.count - 1].key = (element.text, element.offset)
    } else {
      add(DocumentNode(value: try element.value(), offset: element.offset))
    }
  }

  private func add(_ node: DocumentNode) {
    let parent = open.count - 1
    guard open[parent].name == "dict", let key = open[parent].key else {
      open[parent].elements.append(node)
      return
    }
    open[parent].key = nil
    if let first = open[parent].keyOffsets[key.text] {
      duplicates.append(DuplicateKey(key: key.text, path: path, first: first, second: key.offset))
    } else {
      open[parent].keyOffsets[key.text] = key.offset
      open[parent].members.append(DocumentNode.Member(key: key.text, keyOffset: key.offset, node: node))
    }
  }

  /// The innermost open container.
  private var path: DocumentPath {
    var path = DocumentPath.root
    for element in open.dropLast() where element.name != "plist" {
      path = element.key.map { path.key($0.text) } ?? path.index(element.elements.count)
    }
    return path
  }

  // MARK: Places

  private func fail(_ parser: XMLParser, _ offset: Int, _ message: String) {
    if failure == nil { failure = SyntaxError(offset: offset, message: message) }
    parser.abortParsing()
  }

  private func offset(of parser: XMLParser) -> Int {
    place.offset(of: Position(line: parser.lineNumber, column: parser.columnNumber))
  }

  /// The parser tells where a start tag ends. No attribute can hold a `<`, so that the last one begins the tag.
  private func startOfTag(before parser: XMLParser) -> Int {
    let end = offset(of: parser)
    return bytes[..<min(end, bytes.count)].lastIndex(of: UInt8(ascii: "<")) ?? end
  }
}
