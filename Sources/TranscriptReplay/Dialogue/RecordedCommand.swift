import ConsoleDialect

/// What a command line was for.
enum RecordedCommand {
  /// It prints memory.
  case read(ReadMethod, CommandRange)
  /// It computes digests over ranges of memory, one behind the other.
  case digests(DigestMethod, [CommandRange])
  /// It copies pieces of regions into RAM, where they replace what was there.
  case staging([StagedPiece])
  /// Anything else.
  case other
}

/// A piece of a region that is in RAM.
struct StagedPiece: Equatable {
  /// The region's place in the plan.
  let region: Int
  /// Where the piece begins in the region, in bytes.
  let offset: Int
  /// The addresses that hold it.
  let addresses: Range<UInt64>
}

/// Who is told what a transcript's commands were, and what was printed behind each.
protocol DialogueListener {
  /// A command was entered. What is received from now on belongs to it.
  mutating func begin(_ command: RecordedCommand)
  /// The unit printed something.
  mutating func received(_ bytes: [UInt8])
  /// What was going on has ended, and what is in RAM is not known any more.
  mutating func breakOff()
  /// Whether there is any need to go on.
  var wantsMore: Bool { get }
}
