/// A command that compares two ranges of the unit's own memory, and tells how many bytes were the same.
///
/// A range compared with itself one byte further on is a constant fill if all were the same. U-Boot has such a command
/// wherever it has `md`, with or without digests: `do_mem_cmp` of cmd/mem.c, common/cmd_mem.c before.
public struct ComparisonMethod: Sendable, Equatable, Decodable {
  /// Placeholders: `address`, `other` (where the second range begins), `length` (bytes of each range).
  public var command: CommandTemplate
  /// Matches the line with the result; its first group is how many bytes were the same, in decimal.
  public var reply: Pattern
}

extension ComparisonMethod {
  /// The names that may stand in ``command``, and must.
  public static let placeholders: Set<String> = ["address", "other", "length"]

  /// The command line that compares `length` bytes from `address` with as many from `other`.
  ///
  /// - Precondition: `length` is at least 1.
  public func command(address: UInt64, other: UInt64, length: Int) -> String {
    precondition(length > 0, "a comparison needs a length, not \(length)")
    return command.render(["address": address, "other": other, "length": UInt64(length)])
  }

  /// How many bytes from the start were the same, as a line of the reply tells it; absent where the line is no result.
  public func equalBytes(in line: String) -> Int? {
    guard let found = reply.capture(line), found.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(found)
  }
}
