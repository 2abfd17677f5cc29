extension DecodingPlace {
  func bool() throws -> Bool {
    guard let node else { return false }
    guard case .bool(let flag) = node.value else { throw mismatch(Bool.self, "true or false") }
    return flag
  }

  func string() throws -> String {
    guard let node else { return "" }
    guard case .string(let text) = node.value else { throw mismatch(String.self, "a text") }
    return text
  }

  func double() throws -> Double {
    guard let node else { return 0 }
    switch node.value {
    case .real(let number): return number
    case .integer(let number): return Double(number)
    default: throw mismatch(Double.self, "a number")
    }
  }

  func integer<I: FixedWidthInteger>(_ type: I.Type) throws -> I {
    guard let node else { return 0 }
    let number: Int128? =
      switch node.value {
      case .integer(let number): number
      // 1e3 and 2.0 are whole numbers too, as long as they are exact.
      case .real(let number): abs(number) <= 0x1p53 ? Int128(exactly: number) : nil
      default: nil
      }
    guard let number else { throw mismatch(type, "a whole number") }
    guard let value = I(exactly: number) else { throw mismatch(type, "a whole number from \(I.min) to \(I.max)") }
    return value
  }

  var isNull: Bool { node?.value == .null }

  func mismatch(_ type: any Any.Type, _ expected: String) -> DecodingError {
    let found = node?.summary ?? "nothing"
    let message = "expected \(expected), found \(found)"
    return DecodingError.typeMismatch(
      type, DecodingError.Context(codingPath: codingPath, debugDescription: message))
  }

  func corrupted(_ message: String) -> DecodingError {
    DecodingError.dataCorrupted(DecodingError.Context(codingPath: codingPath, debugDescription: message))
  }

  /// Runs `read`; where it fails while problems are collected, records why and takes a stand-in instead.
  func collect<T>(_ read: (DecodingPlace) throws -> T) throws -> T {
    guard mode == .collecting, node != nil else { return try read(self) }
    do {
      return try read(self)
    } catch {
      record.add(error, at: path)
      return try standIn(read)
    }
  }

  /// What `read` makes of nothing.
  func standIn<T>(_ read: (DecodingPlace) throws -> T) throws -> T {
    let nothing = DecodingPlace(node: nil, path: path, mode: .strict, record: record)
    guard path.elements.count <= 200, let value = try? read(nothing) else { throw AlreadyRecorded() }
    return value
  }
}
