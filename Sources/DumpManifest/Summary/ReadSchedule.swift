import ConsoleDialect

/// How a region is divided: into pieces that are staged together, chunks that are verified together, and reads of one
/// command each. Counted, not listed, for a region may have millions of them.
struct ReadSchedule {
  /// What is verified together where commands print a fixed length, in bytes.
  private static let fixedChunk = 16 << 10

  let region: RegionPlan
  let method: ReadMethod
  private let chunk: Int
  private let piece: Int

  init(_ region: RegionPlan, method: ReadMethod, readLength: Int) {
    self.region = region
    self.method = method
    chunk = method.fixedLength == nil ? readLength : Self.fixedChunk
    if case .staged(let staging) = region.source { piece = staging.piece } else { piece = region.size }
  }

  /// The most bytes of one read.
  private var longest: Int { method.fixedLength ?? method.maxLength ?? .max }

  /// Where the console finds the byte at `offset`.
  func address(of offset: Int) -> UInt64 {
    switch region.source {
    case .mapped(let address): address + UInt64(offset)
    case .staged(let staging): staging.ram + UInt64(offset % piece)
    }
  }

  /// Adds up what `measure` says of each piece, chunk or read when a range is divided into parts of `unit` bytes.
  private func sum(_ length: Int, by unit: Int, _ measure: (Int) -> Int) -> Int {
    let (whole, rest) = length.quotientAndRemainder(dividingBy: min(unit, max(length, 1)))
    return (whole > 0 ? whole * measure(min(unit, length)) : 0) + (rest > 0 ? measure(rest) : 0)
  }

  private func sumOfReads(_ measure: @escaping (Int) -> Int) -> Int {
    sum(region.size, by: piece) { sum($0, by: chunk) { sum($0, by: longest, measure) } }
  }

  /// How many reads there are.
  var reads: Int { sumOfReads { _ in 1 } }

  /// How many chunks there are.
  var chunks: Int { sum(region.size, by: piece) { sum($0, by: chunk) { _ in 1 } } }

  /// Length of the first read, in bytes.
  var firstRead: Int { min(region.size, piece, chunk, longest) }

  /// The last read, in bytes from the region's start.
  var lastRead: Range<Int> {
    var start = (region.size - 1) / piece * piece
    for unit in [chunk, longest] { start += (region.size - 1 - start) / unit * unit }
    return start..<region.size
  }

  /// Characters that the console prints for all reads.
  var characters: Int {
    let last = address(of: piece < region.size ? piece - 1 : region.size - 1)
    let digits = max(8, String(last, radix: 16).count)
    return sumOfReads { length in
      method.characters(length: method.fixedLength ?? length, addressDigits: digits)
    }
  }

  /// The unit's digests: one of each chunk, and one of the whole where it can be reached at once.
  func digests(_ digest: DigestMethod) -> CommandSeries {
    let first = digest.command(address: address(of: 0), length: min(region.size, piece, chunk))
    if piece >= region.size {
      let last = digest.command(address: address(of: 0), length: region.size)
      return CommandSeries(first: first, last: last, count: chunks + 1)
    }
    let lastPiece = (region.size - 1) / piece * piece
    let start = lastPiece + (region.size - 1 - lastPiece) / chunk * chunk
    let last = digest.command(address: address(of: start), length: region.size - start)
    return CommandSeries(first: first, last: last, count: chunks)
  }
}
