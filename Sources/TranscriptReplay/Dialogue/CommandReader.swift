import ConsoleDialect
import DumpManifest

/// Knows a plan's commands again by how its dialect and its regions write them.
struct CommandReader {
  private let methods: [ReadMethod]
  private let digests: [DigestMethod]
  private let separator: String?
  private let regions: [RegionPlan]

  init(_ plan: SlotPlan) {
    let dialect = plan.console.dialect
    // Two methods may share a command and differ in what they make of the reply: the manifest's own is meant.
    methods = dialect.reads.filter { $0.name == plan.console.method } + dialect.reads
    digests = dialect.digests
    separator = dialect.separator
    regions = plan.regions
  }

  /// What a whole line was for.
  func command(_ line: String) -> RecordedCommand {
    for method in methods where method.dialogue.isEmpty {
      if let range = method.request(command: line) { return .read(method, range) }
    }
    let parts = separator.map { line.split(separator: $0).map(String.init) } ?? [line]
    for digest in digests {
      let ranges = parts.compactMap { digest.request(command: $0) }
      if ranges.count == parts.count { return .digests(digest, ranges) }
    }
    let pieces = regions.indices.compactMap { piece(of: $0, line) }
    return pieces.isEmpty ? .other : .staging(pieces)
  }

  /// The methods that ask questions when this line is entered.
  func asking(_ line: String) -> [ReadMethod] {
    methods.filter { !$0.dialogue.isEmpty && $0.command.values(in: line) != nil }
  }

  private func piece(of index: Int, _ line: String) -> StagedPiece? {
    let region = regions[index]
    guard case .staged(let staging) = region.source, let piece = staging.piece(copiedBy: line, of: region.size) else {
      return nil
    }
    let offset = piece * staging.piece
    let count = min(staging.piece, region.size - offset)
    // A piece may end where the address space does.
    let (end, overflows) = staging.ram.addingReportingOverflow(UInt64(count))
    return StagedPiece(region: index, offset: offset, addresses: staging.ram..<(overflows ? .max : end))
  }
}
