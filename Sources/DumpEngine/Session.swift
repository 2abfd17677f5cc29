import ConsoleDialect
import DumpManifest
import Foundation
import NIOCore
import SerialLink

/// What a session needs of the batch around it.
public struct SessionServices: Sendable {
  /// Folder of the batch, which exists.
  public var batchFolder: String
  /// Takes each event as it happens; must not block.
  public var emit: @Sendable (SessionEvent) -> Void
  /// Gives a unit its folder, made below ``batchFolder``, one path component; refuses a unit that another slot holds.
  public var claimFolder: @Sendable (_ slot: String, _ identity: [IdentityFact]) async throws -> String
  /// Runs the manifest's checks on a complete image.
  public var check: @Sendable (_ rules: [ImageCheckRule], _ path: String) async -> [CheckResult]

  /// All services.
  public init(
    batchFolder: String, emit: @escaping @Sendable (SessionEvent) -> Void,
    claimFolder: @escaping @Sendable (String, [IdentityFact]) async throws -> String,
    check: @escaping @Sendable ([ImageCheckRule], String) async -> [CheckResult]
  ) {
    self.batchFolder = batchFolder
    self.emit = emit
    self.claimFolder = claimFolder
    self.check = check
  }
}

/// One unit's dump, from opening its link to closing it. One task runs it; cancelling the task ends it within a line
/// and leaves true partial images and maps.
public final class Session {
  let plan: SlotPlan
  let services: SessionServices
  private let address: LinkAddress
  private var result: UnitResult
  private var hasFolder = false

  /// A session for a slot whose console is at `address`.
  public init(plan: SlotPlan, address: LinkAddress, services: SessionServices) {
    self.plan = plan
    self.address = address
    self.services = services
    let now = Date()
    result = UnitResult(
      slot: plan.name, link: address.description, dialect: plan.console.dialect.name, identity: [], folder: plan.name,
      console: nil, regions: plan.regions.map(RegionResult.init), started: now, ended: now, wire: WireCounters(),
      failure: nil, interrupted: false)
  }

  /// Runs the session to its end, however it ends.
  public func run(on group: any EventLoopGroup) async -> UnitResult {
    do throws(SessionError) {
      emit(.connecting(link: address.description))
      let link = try await open(on: group)
      do throws(SessionError) {
        try await work(over: link)
      } catch {
        await link.close()
        throw error
      }
      await link.close()
    } catch {
      result.interrupted = error.kind == .interrupted
      if !result.interrupted { result.failure = .init(kind: error.kind.rawValue, message: error.message) }
    }
    if result.failure == nil, !result.interrupted { result.failure = shortfall }
    result.ended = Date()
    emit(.ended(result))
    return result
  }

  func emit(_ kind: SessionEvent.Kind) {
    services.emit(SessionEvent(time: Date(), slot: plan.name, kind: kind))
  }

  private func open(on group: any EventLoopGroup) async throws(SessionError) -> Link {
    do throws(LinkError) {
      return try await Link.open(address, settings: LineSettings(plan.console), on: group)
    } catch {
      throw error.kind == .cancelled ? SessionError(error) : SessionError(.link, error.description)
    }
  }

  private func work(over link: Link) async throws(SessionError) {
    let transcriptPath = "\(services.batchFolder)/.\(plan.name).console.log"
    let console = Console(link: link, plan: plan.console, transcript: try transcript(at: transcriptPath))
    let bench = Bench(session: self, console: console)
    do throws(SessionError) {
      try await dump(on: bench)
    } catch {
      result.wire = console.counters
      // The last word: whatever the console is printing, it should stop.
      if error.kind == .interrupted { try? await console.dropLine() }
      try? console.flushTranscript()
      if !hasFolder { try? await giveFolder(identity: [], console) }
      throw error
    }
    result.wire = console.counters
    try console.flushTranscript()
  }

  private func transcript(at path: String) throws(SessionError) -> Transcript {
    do { return try Transcript(path: path) } catch { throw SessionError(error) }
  }

  private func dump(on bench: Bench) async throws(SessionError) {
    try await bench.arrive()
    result.identity = bench.identity
    try await giveFolder(identity: bench.identity, bench.console)
    try await bench.persistently { () async throws(SessionError) in try await bench.prepare() }
    for (index, region) in plan.regions.enumerated() {
      let dump = try RegionDump(region: region, bench: bench, folder: folderPath)
      do throws(SessionError) {
        try await dump.run()
      } catch {
        result.regions[index] = dump.result
        result.console = bench.learned
        emit(.regionEnded(dump.result))
        throw error
      }
      result.regions[index] = dump.result
      result.console = bench.learned
      emit(.regionEnded(dump.result))
    }
    try await bench.assertSameUnit()
  }

  private var folderPath: String { "\(services.batchFolder)/\(result.folder)" }

  /// Gives the unit its folder and moves the transcript there.
  private func giveFolder(identity: [IdentityFact], _ console: Console) async throws(SessionError) {
    do {
      result.folder = try await services.claimFolder(plan.name, identity)
    } catch {
      throw error as? SessionError ?? SessionError(.disk, "\(error)")
    }
    hasFolder = true
    try console.moveTranscript(to: "\(folderPath)/console.log")
  }

  /// What is said of a session that went through and still has not all it should.
  private var shortfall: UnitResult.Failure? {
    let missing = result.regions.filter { !$0.isComplete }
    guard !missing.isEmpty else { return nil }
    let list = missing.map { region in
      let bad = region.bad.prefix(4).map { "0x\(String($0.lowerBound, radix: 16))+\($0.count)" }
      return "\(region.name) (\(bad.joined(separator: ", "))\(region.bad.count > 4 ? ", …" : ""))"
    }
    return .init(
      kind: SessionError.Kind.incomplete.rawValue,
      message: "could not be read after all retries: \(list.joined(separator: "; ")); what is held is in the .partial "
        + "files, see the .map beside each")
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
  init(_ console: ConsolePlan) {
    let format = console.format
    self.init(
      speed: console.speed, dataBits: format.dataBits, parity: Parity(rawValue: String(format.parity)) ?? .none,
      stopBits: format.stopBits)
  }
}
