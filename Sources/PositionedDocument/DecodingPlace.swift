/// One value of the document as its type's initialiser sees it.
///
/// Without a node it is a stand-in: it gives empty texts, zeros and empty arrays, so that an initialiser can go on
/// behind a value that is wrong or missing, and more problems can be found. What is made of stand-ins is thrown away.
struct DecodingPlace: Decoder {
  /// What happens when a value is wrong.
  enum Mode {
    /// The error is thrown to whoever asked.
    case strict
    /// It is recorded, and a stand-in takes the value's place where that is possible.
    case collecting
  }
  var node: DocumentNode?
  var path: DocumentPath
  var mode: Mode
  var record: DecodingRecord

  var codingPath: [any CodingKey] { path.elements.map(PathKey.init) }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard let node else { return KeyedDecodingContainer(KeyedPlaces(place: self, members: [:])) }
    guard case .object(let members) = node.value else { throw mismatch([String: Int].self, "an object") }
    record.open(path)
    let nodes = Dictionary(members.map { ($0.key, $0.node) }) { first, _ in first }
    return KeyedDecodingContainer(KeyedPlaces(place: self, members: nodes))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard let node else { return UnkeyedPlaces(place: self, elements: []) }
    guard case .array(let elements) = node.value else { throw mismatch([Int].self, "an array") }
    return UnkeyedPlaces(place: self, elements: elements)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer {
    var place = self
    place.mode = .strict
    return SinglePlace(place: place)
  }

  /// The value behind one more step.
  func child(_ element: DocumentPath.Element, _ node: DocumentNode?) -> DecodingPlace {
    DecodingPlace(node: node, path: DocumentPath(path.elements + [element]), mode: mode, record: record)
  }

  /// Makes a `T`: first strictly, so that attempts which an initialiser makes and drops leave no trace; only where
  /// that fails once more, to find all that is wrong.
  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    if node == nil || mode == .strict { return try decodeStrictly(type) }
    do {
      var place = self
      place.mode = .strict
      return try place.decodeStrictly(type)
    } catch {
      return try decodeAgain(type, after: error)
    }
  }

  private func decodeAgain<T: Decodable>(_ type: T.Type, after strictError: any Error) throws -> T {
    let count = record.count
    do {
      let value = try T(from: self)
      if record.count == count { record.add(strictError, at: path) }
      return value
    } catch {
      // What an initialiser throws after its parts were found wrong may be about stand-ins: not worth telling.
      if record.count == count { record.add(strictError, at: path) }
      record.markIncomplete(path)
      throw AlreadyRecorded()
    }
  }

  private func decodeStrictly<T: Decodable>(_ type: T.Type) throws -> T {
    do {
      if node == nil, let standIn = Self.firstWord(of: type) as? T { return standIn }
      return try T(from: self)
    } catch DecodingError.dataCorrupted(let context) {
      guard case .string(let text)? = node?.value, let words = Self.words(of: type), !words.contains(text) else {
        throw DecodingError.dataCorrupted(context)
      }
      throw corrupted("unknown value `\(visible(text))`; " + Suggestion.list(for: text, among: words))
    }
  }

  private static func words<T>(of type: T.Type) -> [String]? {
    func raw<E: CaseIterable & RawRepresentable>(_ type: E.Type) -> [String] {
      type.allCases.compactMap { $0.rawValue as? String }
    }
    guard let type = type as? any (CaseIterable & RawRepresentable).Type else { return nil }
    let words = raw(type)
    return words.isEmpty ? nil : words
  }

  private static func firstWord<T>(of type: T.Type) -> Any? {
    func first<E: CaseIterable>(_ type: E.Type) -> Any? { type.allCases.first }
    return (type as? any (CaseIterable & RawRepresentable).Type).flatMap { first($0) }
  }
}

/// A step of a path as a coding key.
struct PathKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(_ element: DocumentPath.Element) {
    switch element {
    case .key(let name):
      stringValue = name
      intValue = nil
    case .index(let index):
      stringValue = "\(index)"
      intValue = index
    }
  }

  init(stringValue: String) { self.init(.key(stringValue)) }
  init(intValue: Int) { self.init(.index(intValue)) }
}
