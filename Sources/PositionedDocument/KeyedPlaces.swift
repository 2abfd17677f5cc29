/// The values of an object by key.
struct KeyedPlaces<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let place: DecodingPlace
  let members: [String: DocumentNode]

  var codingPath: [any CodingKey] { place.codingPath }

  /// Only dictionaries ask for all keys whatever they are called: then there are no unknown ones.
  var allKeys: [Key] {
    if Key(stringValue: "any word at all") != nil { place.record.markDictionary(place.path) }
    return members.keys.sorted().compactMap { Key(stringValue: $0) }
  }

  func contains(_ key: Key) -> Bool {
    place.record.note(key.stringValue, at: place.path)
    return members[key.stringValue] != nil
  }

  func decodeNil(forKey key: Key) throws -> Bool { try child(key)?.isNull ?? true }

  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try value(key) { try $0.bool() } }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try value(key) { try $0.string() } }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try value(key) { try $0.double() } }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try value(key) { Float(try $0.double()) } }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try value(key) { try $0.integer(type) } }
  func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try value(key) { try $0.integer(type) } }
  func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try value(key) { try $0.integer(type) } }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try value(key) { try $0.integer(type) } }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try value(key) { try $0.integer(type) } }
  func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try value(key) { try $0.integer(type) } }
  func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try value(key) { try $0.integer(type) } }
  func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try value(key) { try $0.integer(type) } }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try value(key) { try $0.integer(type) } }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try value(key) { try $0.integer(type) } }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try value(key) { try $0.decode(type) } }

  /// An optional value that is wrong is recorded and taken as absent.
  func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
    guard contains(key), let child = try child(key), !child.isNull else { return nil }
    if child.mode == .strict { return try child.decode(type) }
    return try? child.decode(type)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try value(key) { try $0.container(keyedBy: type) }
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try value(key) { try $0.unkeyedContainer() }
  }

  func superDecoder() throws -> any Decoder {
    place.record.note("super", at: place.path)
    return place.child(.key("super"), members["super"])
  }

  func superDecoder(forKey key: Key) throws -> any Decoder { try value(key) { $0 } }

  private func child(_ key: Key) throws -> DecodingPlace? {
    place.record.note(key.stringValue, at: place.path)
    return members[key.stringValue].map { place.child(.key(key.stringValue), $0) }
  }

  private func value<T>(_ key: Key, _ read: (DecodingPlace) throws -> T) throws -> T {
    if let child = try child(key) { return try child.collect(read) }
    let absent = place.child(.key(key.stringValue), nil)
    if place.node == nil { return try absent.standIn(read) }
    let context = DecodingError.Context(codingPath: codingPath, debugDescription: "missing key `\(key.stringValue)`")
    let error = DecodingError.keyNotFound(key, context)
    if place.mode == .strict { throw error }
    place.record.add(error, at: place.path)
    return try absent.standIn(read)
  }
}
