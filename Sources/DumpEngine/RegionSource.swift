import ConsoleDialect
import DumpManifest

/// Where the bytes of a region are to be had: in the address space, or in RAM after a copy.
struct RegionSource {
  private let region: RegionPlan
  private var staged: (piece: Int, generation: Int)?

  init(_ region: RegionPlan) { self.region = region }

  /// How many bytes from `offset` on can be reached together.
  func reach(from offset: Int) -> Int {
    switch region.source {
    case .mapped: region.size - offset
    case .staged(let staging): min(staging.piece - offset % staging.piece, region.size - offset)
    }
  }

  /// Which of the pieces that are copied together the byte at `offset` is in.
  func piece(at offset: Int) -> Int {
    switch region.source {
    case .mapped: 0
    case .staged(let staging): offset / staging.piece
    }
  }

  /// Forgets what RAM holds, so that it is copied anew: a second read of the same copy would prove nothing of the flash.
  mutating func forget() { staged = nil }

  /// Makes the byte at `offset` readable, and returns its address.
  ///
  /// - Throws: `staging` where the copy into RAM failed.
  mutating func address(of offset: Int, on bench: Bench) async throws(SessionError) -> UInt64 {
    switch region.source {
    case .mapped(let address):
      return address + UInt64(offset)
    case .staged(let staging):
      let piece = offset / staging.piece
      if staged?.piece != piece || staged?.generation != bench.generation {
        staged = nil
        try await copy(piece, staging, bench)
        staged = (piece, bench.generation)
      }
      return staging.ram + UInt64(offset - piece * staging.piece)
    }
  }

  /// Copies a piece; a reply that was hit on its way is no reason to give up, so a failed copy is tried again.
  private func copy(_ piece: Int, _ staging: Staging, _ bench: Bench) async throws(SessionError) {
    let console = bench.console
    let command = staging.command(piece: piece, of: region.size)
    let signs = staging.expect.map { [$0] } ?? console.dialect.copied
    // Slow flash gives some hundred kB/s.
    let patience = console.plan.replyTimeout + Double(staging.piece) / 100_000
    var printed = ""
    for _ in 0...bench.session.plan.policy.retries {
      let reply = try await console.run(command, patience: patience)
      // The empty line is for commands that print nothing.
      let hasCopied = signs.isEmpty || (reply.lines + [""]).contains { line in signs.contains { $0.matches(line) } }
      if reply.failure == nil, hasCopied { return }
      printed = reply.lines.suffix(3).joined(separator: " / ")
    }
    let wanted =
      switch signs.count {
      case 0: "no error"
      case 1: "a line that matches `\(signs[0].text)`"
      default: "a line that says so, and no error"
      }
    throw SessionError(
      .staging,
      "\(console.place): `\(command)` should copy \(region.name) into RAM: expected \(wanted), it printed `\(printed)`; "
        + "if that is all it prints when it has copied, say so with `expect` in the manifest (`^$` for nothing)")
  }
}
