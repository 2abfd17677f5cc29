/// A kind of checksum that a unit can compute over its own memory.
public enum DigestAlgorithm: String, Sendable, Codable, CaseIterable {
  /// CRC-32 as in zlib.
  case crc32
  /// CRC of POSIX 1003.2 `cksum`, the length included.
  case cksum
  /// MD5.
  case md5
  /// SHA-1.
  case sha1
  /// SHA-256.
  case sha256

  /// How many hex digits a digest has.
  public var digits: Int {
    switch self {
    case .crc32, .cksum: 8
    case .md5: 32
    case .sha1: 40
    case .sha256: 64
    }
  }
}

/// A command that computes a digest on the unit.
public struct DigestMethod: Sendable, Equatable {
  /// What it computes.
  public var algorithm: DigestAlgorithm
  /// Placeholders: `address`, `length` (bytes), `end` (first address behind), `last`.
  public var command: CommandTemplate
  /// Matches the line with the result; its first group is the digest in hex, or in decimal for `cksum`.
  public var reply: Pattern
}

extension DigestMethod {
  /// The names that may stand in ``command``.
  public static let placeholders: Set<String> = ["address", "length", "end", "last"]

  /// The command line that computes the digest of `length` bytes from `address`.
  ///
  /// - Precondition: `length` is at least 1.
  public func command(address: UInt64, length: Int) -> String {
    precondition(length > 0, "a digest needs a length, not \(length)")
    let end = address &+ UInt64(length)
    return command.render(["address": address, "length": UInt64(length), "end": end, "last": end &- 1])
  }

  /// The digest in a line of the reply, in lower-case hex; absent where the line is no result, or where it has not the
  /// digits that the algorithm has.
  public func digest(in line: String) -> String? {
    guard let found = reply.capture(line) else { return nil }
    if algorithm == .cksum {
      return UInt32(found).map { NumberFormat("08x")!.render(UInt64($0)) }
    }
    guard found.utf8.count == algorithm.digits, found.allSatisfy(\.isHexDigit) else { return nil }
    return found.lowercased()
  }

  /// Whether a line of the reply says itself that it is about a range: by the first address, and by the last or the one
  /// behind, as hex numbers. U-Boot does: `crc32 for 04000000 ... 0400ffff ==> 1a2b3c4d` (lib/hash.c, cmd/mem.c).
  ///
  /// - Parameter length: bytes of the range.
  public func names(address: UInt64, length: Int, in line: String) -> Bool {
    let numbers = Set(line.split { !$0.isHexDigit }.compactMap { UInt64($0, radix: 16) })
    let end = address &+ UInt64(length)
    return numbers.contains(address) && (numbers.contains(end &- 1) || numbers.contains(end))
  }
}

extension DigestMethod: Decodable {
  enum CodingKeys: String, CodingKey {
    case algorithm, command, reply
  }

  /// Decodes a method.
  public init(from decoder: any Decoder) throws {
    let table = try decoder.container(keyedBy: CodingKeys.self)
    algorithm = try table.decode(DigestAlgorithm.self, forKey: .algorithm)
    command = try table.decode(CommandTemplate.self, forKey: .command)
    reply = try table.decode(Pattern.self, forKey: .reply)
  }
}
