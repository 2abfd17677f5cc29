/// Reads Apple's binary property lists, version 00, as the comments of `CFBinaryPList.c` (Core Foundation) describe
/// them: objects, a table of their offsets, and a trailer of 32 bytes.
///
/// Foundation's own reader is not used: on Linux a list that contains itself overflows its stack, and it says nothing
/// of keys that stand twice.
struct BinaryPropertyListReader {
  private let bytes: [UInt8]
  private let depthLimit: Int
  private var trailer = Trailer()
  private var trail: [DocumentPath.Element] = []
  private var count = 0
  private(set) var duplicates: [DuplicateKey] = []

  /// Small lists may name the same object often, and so become huge trees.
  private static let countLimit = 1 << 18

  private struct Trailer {
    var offsetSize = 1
    var referenceSize = 1
    var objects = 0
    var table = 0
  }

  init(_ bytes: [UInt8], depthLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
  }

  mutating func readDocument() throws(SyntaxError) -> DocumentNode {
    guard bytes.starts(with: Array("bplist00".utf8)) else {
      let version = visible(String(decoding: bytes.dropFirst(6).prefix(2), as: UTF8.self))
      throw SyntaxError(offset: 6, message: "binary property list of version \"\(version)\"; only 00 is read")
    }
    return try readObject(try readTrailer())
  }

  /// The number of the root object.
  private mutating func readTrailer() throws(SyntaxError) -> Int {
    guard bytes.count >= 41 else { throw damaged(bytes.count, "the trailer is missing") }
    let start = bytes.count - 32
    trailer.offsetSize = Int(bytes[start + 6])
    trailer.referenceSize = Int(bytes[start + 7])
    let widths = 1...8
    guard widths.contains(trailer.offsetSize), widths.contains(trailer.referenceSize) else {
      throw damaged(start + 6, "the trailer has impossible widths")
    }
    trailer.objects = try readInt(start + 8, 8)
    let root = try readInt(start + 16, 8)
    trailer.table = try readInt(start + 24, 8)
    let (size, overflow) = trailer.objects.multipliedReportingOverflow(by: trailer.offsetSize)
    guard !overflow, trailer.table >= 8, trailer.table <= start, size <= start - trailer.table else {
      throw damaged(start + 8, "the table of offsets lies outside of the file")
    }
    return root
  }

  private mutating func readObject(_ number: Int) throws(SyntaxError) -> DocumentNode {
    let offset = try self.offset(of: number)
    count += 1
    if count > Self.countLimit { throw damaged(offset, "more than \(Self.countLimit) values") }
    return DocumentNode(value: try readValue(at: offset), offset: offset)
  }

  private mutating func readValue(at offset: Int) throws(SyntaxError) -> DocumentNode.Value {
    let marker = bytes[offset]
    switch marker >> 4 {
    case 0x0 where marker == 0x00: return .null
    case 0x0 where marker == 0x08: return .bool(false)
    case 0x0 where marker == 0x09: return .bool(true)
    case 0x1 where marker <= 0x14: return .integer(try readInteger(offset + 1, width: 1 << Int(marker & 0xF)))
    case 0x2 where marker == 0x22:
      return .real(try finite(Double(Float(bitPattern: UInt32(try readUnsigned(offset + 1, 4)))), offset))
    case 0x2 where marker == 0x23:
      return .real(try finite(Double(bitPattern: try readUnsigned(offset + 1, 8)), offset))
    case 0x3 where marker == 0x33: return .date
    case 0x4: return .data
    case 0x5, 0x6: return .string(try readText(at: offset))
    case 0xA: return .array(try readArray(at: offset))
    case 0xD: return .object(try readDictionary(at: offset))
    default: throw damaged(offset, "an object of unknown kind 0x" + String(marker, radix: 16, uppercase: true))
    }
  }

  private mutating func readArray(at offset: Int) throws(SyntaxError) -> [DocumentNode] {
    let (start, count) = try enter(offset, references: 1)
    var elements: [DocumentNode] = []
    for index in 0..<count {
      trail.append(.index(index))
      elements.append(try readObject(try reference(start, index)))
      trail.removeLast()
    }
    return elements
  }

  private mutating func readDictionary(at offset: Int) throws(SyntaxError) -> [DocumentNode.Member] {
    let (start, count) = try enter(offset, references: 2)
    var members: [DocumentNode.Member] = []
    var offsets: [String: Int] = [:]
    for index in 0..<count {
      let keyOffset = try self.offset(of: try reference(start, index))
      let key = try readText(at: keyOffset)
      trail.append(.key(key))
      let node = try readObject(try reference(start, count + index))
      trail.removeLast()
      if let first = offsets.updateValue(keyOffset, forKey: key) {
        duplicates.append(DuplicateKey(key: key, path: DocumentPath(trail), first: first, second: keyOffset))
      } else {
        members.append(DocumentNode.Member(key: key, keyOffset: keyOffset, node: node))
      }
    }
    return members
  }

  /// Start and number of a container's references, `references` of them for each entry.
  private func enter(_ offset: Int, references: Int) throws(SyntaxError) -> (start: Int, count: Int) {
    if trail.count >= depthLimit {
      throw damaged(offset, "more than \(depthLimit) arrays and dicts within each other")
    }
    let (start, count) = try readLength(at: offset)
    guard count <= (bytes.count - start) / (references * trailer.referenceSize) else {
      throw damaged(offset, "an object reaches behind the end of the file")
    }
    return (start, count)
  }

  private func reference(_ start: Int, _ index: Int) throws(SyntaxError) -> Int {
    try readInt(start + index * trailer.referenceSize, trailer.referenceSize)
  }

  private func offset(of number: Int) throws(SyntaxError) -> Int {
    guard number < trailer.objects else {
      throw damaged(bytes.count - 32, "object \(number) is named, but there are only \(trailer.objects)")
    }
    let entry = trailer.table + number * trailer.offsetSize
    let offset = try readInt(entry, trailer.offsetSize)
    guard (8..<trailer.table).contains(offset) else { throw damaged(entry, "an object lies outside of the file") }
    return offset
  }
}

extension BinaryPropertyListReader {
  private func damaged(_ offset: Int, _ message: String) -> SyntaxError {
    SyntaxError(offset: offset, message: "the binary property list is damaged at byte \(offset): \(message)")
  }

  private func readUnsigned(_ offset: Int, _ width: Int) throws(SyntaxError) -> UInt64 {
    guard offset + width <= bytes.count else { throw damaged(offset, "an object reaches behind the end of the file") }
    return bytes[offset..<offset + width].reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func readInt(_ offset: Int, _ width: Int) throws(SyntaxError) -> Int {
    let value = try readUnsigned(offset, width)
    guard value <= UInt64(Int32.max) else { throw damaged(offset, "the number \(value) is too large") }
    return Int(value)
  }

  /// 1, 2 and 4 bytes are unsigned, 8 bytes signed; 16 bytes carry what an unsigned number of 64 bits needs.
  private func readInteger(_ offset: Int, width: Int) throws(SyntaxError) -> Int128 {
    if width == 8 { return Int128(Int64(bitPattern: try readUnsigned(offset, 8))) }
    if width < 8 { return Int128(try readUnsigned(offset, width)) }
    let high = Int128(Int64(bitPattern: try readUnsigned(offset, 8)))
    let number = high << 64 | Int128(try readUnsigned(offset + 8, 8))
    guard DocumentNode.wholeNumbers.contains(number) else { throw damaged(offset, "a number wider than 64 bits") }
    return number
  }

  private func finite(_ number: Double, _ offset: Int) throws(SyntaxError) -> Double {
    guard number.isFinite else { throw damaged(offset, "the number \(number) has no place here") }
    return number
  }

  /// Where an object's content starts and how long it is, in the object's own unit.
  private func readLength(at offset: Int) throws(SyntaxError) -> (start: Int, count: Int) {
    let short = Int(bytes[offset] & 0xF)
    if short < 0xF { return (offset + 1, short) }
    guard offset + 1 < bytes.count, bytes[offset + 1] >> 4 == 1, bytes[offset + 1] <= 0x13 else {
      throw damaged(offset, "an object without a length")
    }
    let width = 1 << Int(bytes[offset + 1] & 0xF)
    return (offset + 2 + width, try readInt(offset + 2, width))
  }

  private func readText(at offset: Int) throws(SyntaxError) -> String {
    let kind = bytes[offset] >> 4
    guard kind == 5 || kind == 6 else { throw damaged(offset, "a key that is no text") }
    let (start, count) = try readLength(at: offset)
    guard start + count * (kind == 5 ? 1 : 2) <= bytes.count else {
      throw damaged(offset, "a text reaches behind the end of the file")
    }
    let text: String? =
      if kind == 5 {
        String(validating: bytes[start..<start + count], as: UTF8.self)
      } else {
        String(
          validating: (0..<count).map { UInt16(bytes[start + 2 * $0]) << 8 | UInt16(bytes[start + 2 * $0 + 1]) },
          as: UTF16.self)
      }
    guard let text else { throw damaged(offset, "a text that is no Unicode") }
    return text
  }
}
