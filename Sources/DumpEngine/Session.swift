import ConsoleDialect
import DumpManifest
import DurableFiles
import Foundation
import NIOCore
import SerialLink

/// One unit's dump over one link. One task runs it; cancelling the task ends it within a line and leaves true partial
/// images and maps.
public final class Session {
  let plan: SlotPlan
  let services: SessionServices
  private var result: UnitResult
  private var hasFolder = false
  /// The regions that were complete before: it may be another unit, or this one may have written since.
  private var before: Set<Int> = []
  /// The first record of the unit, on its way to the disk.
  private var firstRecord: DiskWork<Void>?
  /// What the batch wanted done with the unit; absent where the session did not come to know it.
  public private(set) var claim: UnitClaim?
  /// The prompt that was learned, as text; absent where there was none.
  public private(set) var prompt: String?
  /// How often the unit was reset by force.
  public private(set) var resets = 0
  /// The session at the exchange, where it may share anything.
  private(set) var visitor: Exchange.Visitor?
  /// Whether the console may have been left at another line rate than the manifest's.
  public private(set) var hasLostConsole = false

  /// A session for a slot.
  public init(plan: SlotPlan, services: SessionServices) {
    self.plan = plan
    self.services = services
    let now = Date()
    result = UnitResult(
      slot: plan.name, link: plan.endpoint.description, dialect: plan.console.dialect.name, identity: [],
      folder: plan.name, console: nil, regions: plan.regions.map(RegionResult.init), started: now, ended: now,
      wire: WireCounters(), failure: nil, interrupted: false)
  }

  /// Opens a link, runs the session to its end, however it ends, and closes the link.
  public func run(at address: LinkAddress, on group: any EventLoopGroup) async -> UnitResult {
    result.link = address.description
    emit(.connecting(link: address.description))
    do throws(LinkError) {
      let link = try await Link.open(address, settings: LineSettings(plan.console), on: group)
      let result = await run(over: link)
      await link.close()
      return result
    } catch {
      return end(error.kind == .cancelled ? SessionError(error) : SessionError(.link, error.description))
    }
  }

  /// Runs the session to its end, however it ends, over a link that stays open.
  ///
  /// - Parameter heard: what the console has said already; it comes before all else.
  public func run(over link: Link, heard: [UInt8] = []) async -> UnitResult {
    result.link = link.address.description
    var failure: SessionError?
    if plan.mayShare { visitor = await services.exchange?.arrive() }
    do throws(SessionError) { try await work(over: link, heard) } catch { failure = error }
    do throws(SessionError) { try await settleRecord() } catch { failure = failure ?? error }
    await departFromExchange()
    let ended = end(failure)
    if let claim, claim.isWorthRecording(ended) {
      do throws(SessionError) { try await keepState() } catch {
        emit(.trouble(error.message))
      }
    }
    return ended
  }

  /// Tells the others that they need not count on this unit any more.
  func departFromExchange() async {
    if let visitor { await services.exchange?.depart(visitor) }
    visitor = nil
  }

  private func keepState() async throws(SessionError) {
    let (state, folder) = (UnitState(unit: result, scope: DumpScope(plan)), folderPath)
    try await Disk.run { try state.save(in: folder) }
  }

  /// Begins the same for a folder that may be new; the disk takes it while it is learned how to read. The folder is synced
  /// here and not where it is made, for there only one is made at a time, and many units may come at once.
  private func beginRecord() {
    var unit = result
    // Stands there until the session has ended in whatever way.
    unit.failure = .init(
      kind: SessionError.Kind.cutShort.rawValue,
      message: "the session was cut short: batchdump was killed, or the power went; `batchdump resume` goes on, and "
        + "`watch` when the unit is back")
    let (state, folder, batch) = (UnitState(unit: unit, scope: DumpScope(plan)), folderPath, services.batchFolder)
    firstRecord = Disk.beginSoon {
      try DurableFile.sync(folder: batch)
      try state.save(in: folder)
    }
  }

  /// Waits until the disk has the folder and what is known of the unit; throws again and again where it refuses them.
  func settleRecord() async throws(SessionError) {
    try await firstRecord?.value()
    firstRecord = nil
  }

  func emit(_ kind: SessionEvent.Kind) {
    services.emit(SessionEvent(time: Date(), slot: plan.name, kind: kind))
  }

  /// Whether the session was with a unit: one at its prompt that cannot be known has failed, a line without any prompt
  /// may be nobody's.
  private var hadUnit: Bool { hasFolder || services.keepsUnidentified || prompt != nil }

  /// Ends the session, for a reason or well. A slot whose console could not even be reached ends here at once.
  public func end(_ error: SessionError?) -> UnitResult {
    if let error {
      result.interrupted = error.kind == .interrupted
      if !result.interrupted { result.failure = .init(kind: error.kind.rawValue, message: error.message) }
    }
    if result.failure == nil, !result.interrupted { result.failure = shortfall }
    result.ended = Date()
    if hadUnit { emit(.ended(result)) } else if let failure = result.failure { emit(.trouble(failure.message)) }
    return result
  }

  private func work(over link: Link, _ heard: [UInt8]) async throws(SessionError) {
    let transcriptPath = "\(services.batchFolder)/.\(plan.name).console.log"
    let console = Console(link: link, plan: plan.console, transcript: try transcript(at: transcriptPath), heard: heard)
    let bench = Bench(session: self, console: console)
    defer {
      prompt = console.prompt.learned
      resets = bench.resets
      hasLostConsole = !bench.pace.suspects.isEmpty
    }
    do throws(SessionError) {
      try await dump(on: bench)
    } catch {
      // Nobody else's Enter shall run what is typed; and whatever the console is printing, it should stop.
      if error.kind != .linkLost { try? await console.dropAhead() }
      if error.kind == .interrupted { try? await console.dropLine() }
      await bench.restoreSpeed()
      result.wire.add(console.counters)
      try? await console.finishTranscript()
      if !hasFolder, services.keepsUnidentified { try? await take(identity: [], console) }
      throw error
    }
    await bench.restoreSpeed()
    result.wire.add(console.counters)
    try await console.finishTranscript()
  }

  private func transcript(at path: String) throws(SessionError) -> Transcript? {
    let limit = plan.policy.transcript
    guard limit > 0 else { return nil }
    do { return try Transcript(path: path, limits: TranscriptLimits(total: limit)) } catch { throw SessionError(error) }
  }

  private func dump(on bench: Bench) async throws(SessionError) {
    try await bench.arrive()
    result.identity = bench.identity
    try await take(identity: bench.identity, bench.console)
    if let claim { await services.arrived(claim, bench.identity) }
    switch claim?.purpose {
    case .skip: return emit(.skipped(result))
    case .verify:
      try await prepare(bench)
      try await compare(on: bench)
    case .dump, .resume, nil:
      try await prepare(bench)
      try await read(on: bench)
    }
    try await bench.assertSameUnit()
  }

  private func prepare(_ bench: Bench) async throws(SessionError) {
    try await bench.persistently { () async throws(SessionError) in try await bench.prepare() }
  }

  /// Dumps what is not complete.
  ///
  /// Where the console was lost and nothing showed that the same unit is back, a region that was complete by then might
  /// be another unit's: it is proved anew.
  private func read(on bench: Bench) async throws(SessionError) {
    var wanted = result.regions.indices.filter { !result.regions[$0].isComplete || before.contains($0) }
    /// How often the unit had come back unchecked when a complete region was last made sure of.
    var returns: [Int: Int] = [:]
    for _ in 0...RegionDump.mostReproofs {
      for index in wanted {
        let checked = try await read(plan.regions[index], index, on: bench)
        returns[index] = result.regions[index].isComplete ? checked : nil
      }
      wanted = returns.filter { $0.value != bench.uncheckedReturns }.keys.sorted()
      if wanted.isEmpty { return }
      for index in wanted { result.regions[index].isPartial = true }
    }
    throw SessionError(
      .otherUnit,
      "\(bench.console.place): the console was lost again and again, and nothing shows that it was the same unit each "
        + "time: add an identity rule to the manifest, or see to the power and the cable")
  }

  /// Dumps a region; returns how often the unit had come back unchecked when that was last made sure of.
  private func read(_ region: RegionPlan, _ index: Int, on bench: Bench) async throws(SessionError) -> Int {
    let dump = try await RegionDump.open(region, bench, folder: folderPath, earlier: result.regions[index])
    defer {
      result.regions[index] = dump.result
      result.console = bench.learned
      emit(.regionEnded(dump.result))
    }
    try await dump.run()
    return dump.returns
  }

  /// Compares the unit's digests with the images of a dump before.
  private func compare(on bench: Bench) async throws(SessionError) {
    for (index, region) in plan.regions.enumerated() where result.regions[index].isComplete {
      let image = "\(folderPath)/\(region.file)"
      try await RegionComparison(region: region, bench: bench, image: image).run()
    }
    emit(.verifiedAgain(result))
  }

  private var folderPath: String { "\(services.batchFolder)/\(result.folder)" }

  /// Takes the unit's folder and moves the transcript there, and what is known of the unit from before.
  private func take(identity: [IdentityFact], _ console: Console) async throws(SessionError) {
    let claim: UnitClaim
    do {
      claim = try await services.claim(plan.name, identity)
    } catch {
      throw error as? SessionError ?? SessionError(.disk, "\(error)")
    }
    self.claim = claim
    result.folder = claim.folder
    hasFolder = true
    if let earlier = claim.earlier { take(over: earlier) }
    try console.moveTranscript(to: Transcript.freePath(in: folderPath))
    switch claim.purpose {
    case .dump, .resume: beginRecord()
    case .verify, .skip: break
    }
  }

  /// Goes on with the regions that are the same now as they were before.
  private func take(over earlier: UnitResult) {
    result.identity += earlier.identity.filter { fact in !result.identity.contains { $0.name == fact.name } }
    result.started = earlier.started
    result.console = earlier.console
    result.wire = earlier.wire
    result.regions = result.regions.map { wanted in earlier.regions.first { $0.isSameRegion(as: wanted) } ?? wanted }
    if case .resume = claim?.purpose { before = Set(result.regions.indices.filter { result.regions[$0].isComplete }) }
  }

  /// What is said of a session that went through and still has not all it should.
  private var shortfall: UnitResult.Failure? {
    let missing = result.regions.filter { !$0.isComplete }
    guard !missing.isEmpty else { return nil }
    let list = missing.map { region in
      let faults = region.faults.prefix(4).map { "\($0.range.place) \($0.cause.rawValue)" }
      return "\(region.name) (\(faults.joined(separator: ", "))\(region.faults.count > 4 ? ", …" : ""))"
    }
    let causes = FaultCause.allCases.filter { cause in missing.contains { $0.faults.contains { $0.cause == cause } } }
    // Noise and lost characters have one remedy.
    let remedies = causes.map(\.remedy).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return .init(
      kind: SessionError.Kind.incomplete.rawValue,
      message: "could not be read after all retries: \(list.joined(separator: "; ")); "
        + "\((remedies + ["then `batchdump resume` reads what is missing"]).joined(separator: "; "))")
  }
}

extension RegionResult {
  init(_ region: RegionPlan) {
    let address =
      switch region.source {
      case .mapped(let address): address
      case .staged(let staging): staging.offset
      }
    self.init(name: region.name, file: region.file, address: address, size: region.size)
    isPartial = true
  }
}

extension LineSettings {
  /// The line as a manifest describes it.
  public init(_ console: ConsolePlan) {
    let format = console.format
    self.init(
      speed: console.speed, dataBits: format.dataBits, parity: Parity(rawValue: String(format.parity)) ?? .none,
      stopBits: format.stopBits)
  }
}

extension SlotPlan {
  /// Whether its unit may read what others lack.
  fileprivate var mayShare: Bool {
    (policy.verify == .auto || policy.verify == .digest) && regions.contains { ($0.reuse ?? policy.reuse) == .batch }
  }
}
