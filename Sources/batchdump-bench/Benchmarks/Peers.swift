import TestSupport

/// batchdump beside other ways to read the same memory, each with a board and a paced line of its own, one after the
/// other: two boards at once would share the processor.
///
/// All are timed from the start of their process to its end. batchdump's region, from its start to its end as the report
/// tells it, is a row of its own: there only lines of the image count as use, so that commands, echoes, prompts, digests
/// and all that is learned before the first line are losses.
struct Peers: Benchmark {
  let name = "peers"
  let summary = "batchdump, depthcharge and two scripts on U-Boot in QEMU, behind lines of 115200 and 921600 baud"

  /// The loop waits most of its time, and its rate is the same for any size: it need not read all.
  private static let loopSize = 32 << 10

  func measure() async throws -> [PeerRow] {
    let problem = await DepthchargeReader.install()
    let slow = try await compare(speed: 115_200, size: 256 << 10, demanded: 0.99, depthchargeProblem: problem)
    let fast = try await compare(speed: 921_600, size: 512 << 10, demanded: 0.98, depthchargeProblem: problem)
    return slow + fast
  }

  /// - Parameters:
  ///   - demanded: share of the region's time in which lines of the image are to be on the line.
  ///   - depthchargeProblem: why depthcharge is not there; absent where it is.
  private func compare(
    speed: Int, size: Int, demanded: Double, depthchargeProblem: String?
  ) async throws -> [PeerRow] {
    let line = MeasuredLine(speed: speed, flash: seededBytes(count: size, seed: 13))
    return try await withTemporaryFolder { folder in
      let us = BatchdumpReader()
      let ours = try await line.run(us, size: size, in: folder.file(us.name))
      if let difference = ours.difference {
        throw BenchmarkFailure("batchdump's image is not what the flash holds: \(difference)")
      }
      let race = Race(line: line, folder: folder, rate: ours.bytesPerSecond)
      return [
        race.row(of: us, ours),
        race.row(ofRegion: try us.regionSeconds(of: ours.task), ours, demanded),
        await race.row(of: ScriptReader.loop, size: Self.loopSize),
        await race.row(of: ScriptReader.log, size: size),
        await race.row(of: DepthchargeReader(), size: size, problem: depthchargeProblem),
      ]
    }
  }
}

/// Readers on one line against batchdump's time there.
private struct Race {
  let line: MeasuredLine
  /// Takes a folder of each reader.
  let folder: TemporaryFolder
  /// Payload rate of batchdump.
  let rate: Double

  func row(of reader: some MemoryReader, _ reading: Reading) -> PeerRow {
    PeerRow(speed: line.speed, reader: reader.title, size: reading.task.size, outcome: outcome(of: reading, lead: nil))
  }

  /// batchdump's region alone.
  func row(ofRegion seconds: Double, _ reading: Reading, _ demanded: Double) -> PeerRow {
    var part = reading
    part.seconds = seconds
    part.lineUse = part.bytesPerSecond / LineUse.limit(speed: line.speed)
    return PeerRow(
      speed: line.speed, reader: "batchdump, its region alone", size: reading.task.size,
      outcome: outcome(of: part, lead: nil), demand: .lineUse(atLeast: demanded))
  }

  /// Runs a peer. One that cannot be measured gets a row that says why.
  ///
  /// - Parameter problem: why it is not there; absent where it is.
  func row(of reader: some MemoryReader, size: Int, problem: String? = nil) async -> PeerRow {
    var row = PeerRow(speed: line.speed, reader: reader.title, size: size, problem: problem, demand: .batchdumpAhead)
    guard problem == nil else { return row }
    do {
      let reading = try await line.run(reader, size: size, in: folder.file(reader.name))
      row.outcome = outcome(of: reading, lead: rate / reading.bytesPerSecond)
    } catch {
      row.problem = "\(error)"
    }
    return row
  }

  private func outcome(of reading: Reading, lead: Double?) -> PeerRow.Outcome {
    PeerRow.Outcome(
      seconds: reading.seconds, bytesPerSecond: reading.bytesPerSecond, lineUse: reading.lineUse,
      lead: lead, verification: reading.verification, isEqual: reading.difference == nil)
  }
}
