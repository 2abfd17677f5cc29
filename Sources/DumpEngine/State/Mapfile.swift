import DurableFiles

/// The state of a region in GNU ddrescue's text format, so that other tools can read it.
///
/// Source: GNU ddrescue manual, "Mapfile structure": comment lines, a status line (current position, current status,
/// current pass), then position, size and status of each block, one behind the other. What the statuses mean here:
/// `+` finished, `*` read but not proved yet (ddrescue: failed, to be looked at more closely), `-` given up, `?` not
/// tried.
public struct Mapfile: Sendable, Equatable {
  /// What is known of a block.
  public enum Status: Character, Sendable, CaseIterable {
    case finished = "+"
    case unproven = "*"
    case unscraped = "/"
    case bad = "-"
    case untried = "?"
  }

  /// A block, as bytes from the region's start.
  public struct Block: Sendable, Equatable {
    /// First byte, and first byte behind.
    public var range: Range<Int>
    /// What is known of it.
    public var status: Status
  }

  /// The blocks, from the start on, without gaps.
  public var blocks: [Block]

  /// The map of a region's state.
  public init(_ state: RegionState) {
    let result = state.result
    let known =
      result.blocks.map { block in
        Block(range: block.range, status: state.isFinished(block) ? .finished : .unproven)
      } + result.bad.map { Block(range: $0, status: .bad) }
    self.init(known, size: result.size)
  }

  /// The map of a file that has these ranges and no others.
  init(finished: RangeSet<Int>, size: Int) {
    self.init(finished.ranges.map { Block(range: $0, status: .finished) }, size: size)
  }

  /// A map with blocks that are known, in any order; all else is untried.
  private init(_ known: [Block], size: Int) {
    var blocks: [Block] = []
    func add(_ block: Block) {
      guard let last = blocks.last, last.status == block.status else { return blocks.append(block) }
      blocks[blocks.count - 1].range = last.range.lowerBound..<block.range.upperBound
    }
    var next = 0
    for block in known.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      if next < block.range.lowerBound { add(Block(range: next..<block.range.lowerBound, status: .untried)) }
      add(block)
      next = block.range.upperBound
    }
    if next < size { add(Block(range: next..<size, status: .untried)) }
    self.blocks = blocks
  }

  /// The ranges with a status.
  public func ranges(_ status: Status) -> RangeSet<Int> {
    RangeSet(blocks.filter { $0.status == status }.map(\.range))
  }

  /// The text of the file.
  public func text(region: String) -> String {
    let size = blocks.last?.range.upperBound ?? 0
    let isFinished = blocks.allSatisfy { $0.status == .finished }
    let position = isFinished ? 0 : blocks.last { $0.status != .untried }?.range.upperBound ?? 0
    let head = [
      "# Mapfile. Written by batchdump for region \(region)",
      "# current_pos  current_status  current_pass",
      "\(Self.hex(min(position, size)))     \(isFinished ? "+" : "?")               1",
      "#      pos        size  status",
    ]
    let lines = blocks.map {
      "\(Self.hex($0.range.lowerBound))  \(Self.hex($0.range.count))  \($0.status.rawValue)"
    }
    return (head + lines).joined(separator: "\n") + "\n"
  }

  private static func hex(_ value: Int) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return "0x" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }
}
