/// The values of an array, one after the other.
struct UnkeyedPlaces: UnkeyedDecodingContainer {
  let place: DecodingPlace
  let elements: [DocumentNode]
  private(set) var currentIndex = 0

  init(place: DecodingPlace, elements: [DocumentNode]) {
    self.place = place
    self.elements = elements
  }

  var codingPath: [any CodingKey] { place.codingPath }
  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex >= elements.count }

  mutating func decodeNil() throws -> Bool {
    guard try element().isNull else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode(_ type: Bool.Type) throws -> Bool { try next { try $0.bool() } }
  mutating func decode(_ type: String.Type) throws -> String { try next { try $0.string() } }
  mutating func decode(_ type: Double.Type) throws -> Double { try next { try $0.double() } }
  mutating func decode(_ type: Float.Type) throws -> Float { try next { Float(try $0.double()) } }
  mutating func decode(_ type: Int.Type) throws -> Int { try next { try $0.integer(type) } }
  mutating func decode(_ type: Int8.Type) throws -> Int8 { try next { try $0.integer(type) } }
  mutating func decode(_ type: Int16.Type) throws -> Int16 { try next { try $0.integer(type) } }
  mutating func decode(_ type: Int32.Type) throws -> Int32 { try next { try $0.integer(type) } }
  mutating func decode(_ type: Int64.Type) throws -> Int64 { try next { try $0.integer(type) } }
  mutating func decode(_ type: UInt.Type) throws -> UInt { try next { try $0.integer(type) } }
  mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try next { try $0.integer(type) } }
  mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try next { try $0.integer(type) } }
  mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try next { try $0.integer(type) } }
  mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try next { try $0.integer(type) } }
  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next { try $0.decode(type) } }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try next { try $0.container(keyedBy: type) }
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next { try $0.unkeyedContainer() }
  }

  mutating func superDecoder() throws -> any Decoder { try next { $0 } }

  private func element() throws -> DecodingPlace {
    if currentIndex < elements.count { return place.child(.index(currentIndex), elements[currentIndex]) }
    if place.node == nil { return place.child(.index(currentIndex), nil) }
    throw place.corrupted("expected more than \(elements.count) elements")
  }

  /// Where an element is so wrong that nothing can stand in for it, the rest is still looked through: all are of one
  /// type nearly always.
  private mutating func next<T>(_ read: (DecodingPlace) throws -> T) throws -> T {
    let element = try element()
    do {
      let value = try element.collect(read)
      currentIndex += 1
      return value
    } catch {
      guard place.mode == .collecting else { throw error }
      for index in elements.indices.dropFirst(currentIndex + 1) {
        _ = try? place.child(.index(index), elements[index]).collect(read)
      }
      throw error
    }
  }
}
