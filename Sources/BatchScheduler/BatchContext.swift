import DumpEngine
import DumpManifest
import DumpReport
import Foundation
import NIOPosix

/// What all slots of a batch share.
struct BatchContext: Sendable {
  /// Folder of the batch, which exists.
  let folder: String
  /// Whether units come and go: one that another slot still holds may have been moved.
  let isLine: Bool
  /// Takes each event of each slot; must not block.
  let emit: @Sendable (SessionEvent) -> Void
  /// Which unit is where, and what became of it.
  let units: UnitRegistry
  /// What the units have in common.
  private let exchange = Exchange()

  /// - Parameters:
  ///   - isLine: whether units come and go.
  ///   - earlier: the units that are known from a run before.
  init(
    folder: String, isLine: Bool, earlier: [UnitState], emit: @escaping @Sendable (SessionEvent) -> Void
  ) {
    self.folder = folder
    self.isLine = isLine
    self.emit = emit
    units = UnitRegistry(batchFolder: folder, isLine: isLine, earlier: earlier)
  }

  /// Tells what happens at a slot.
  func emit(_ kind: SessionEvent.Kind, at slot: String) {
    emit(SessionEvent(time: Date(), slot: slot, kind: kind))
  }

  /// Seconds for which a slot may look for its unit at other line rates, and try to put it back, before it knows that
  /// it has gone.
  private static let searchTime = 30.0

  /// What a session at a slot needs.
  func services(for plan: SlotPlan) -> SessionServices {
    let (units, hooks, isLine, context) = (units, hooks(for: plan), isLine, self)
    var services = SessionServices(
      batchFolder: folder, emit: emit,
      claim: { _, identity in
        let noticing = plan.console.wakeTimeout + plan.console.replyTimeout + Self.searchTime
        // Twice what the other slot needs to notice, for that is as busy as this one.
        let patience = Duration.seconds(isLine ? 2 * noticing : 0)
        let claim = try await Self.claim(units, plan, identity, within: patience)
        if let note = claim.note { context.emit(.trouble(note), at: plan.name) }
        return claim
      },
      check: { rules, path in await Self.check(rules, path) },
      runProgram: { program, _ in await hooks.runReset(program) })
    services.arrived = { claim, identity in await hooks.unitArrived(claim, identity) }
    services.keepsUnidentified = !isLine
    services.exchange = exchange
    let shelf = ReferenceShelf(plan: plan, batchFolder: folder)
    services.reference = { region, identity in
      if let path = try? await Self.blocking({ shelf.path(of: region, identity) }) { return KnownImage(path: path) }
      // What was done before this run, or long ago on a line, is not in the exchange any more.
      guard (region.reuse ?? plan.policy.reuse) == .batch else { return nil }
      return await units.image(of: region)
    }
    return services
  }

  /// Claims a unit. Another slot that has it by its last word gets some time to notice that it has gone.
  private static func claim(
    _ units: UnitRegistry, _ plan: SlotPlan, _ identity: [IdentityFact], within patience: Duration
  ) async throws -> UnitClaim {
    let deadline = ContinuousClock.now + patience
    while true {
      let revision = units.releases.current.revision
      do {
        return try await units.claim(plan, identity)
      } catch let error as SessionError {
        guard error.kind == .identity, .now < deadline, !Task.isCancelled else { throw error }
        await units.releases.changed(since: revision, until: deadline)
      }
    }
  }

  /// Notes that a unit was skipped, on the disk as well: whoever reads the report must not take that for a comparison.
  func skipped(_ known: UnitResult, at time: Date) async -> UnitResult {
    var unit = known
    unit.skipped = SkippedArrivals(count: (known.skipped?.count ?? 0) + 1, last: time)
    let (path, arrivals) = ("\(folder)/\(known.folder)", unit.skipped)
    _ = try? await Self.blocking {
      var state = try UnitState.own("\(path)/\(UnitState.fileName)")
      state.unit.skipped = arrivals
      try state.save(in: path)
    }
    return unit
  }

  /// The programs that are told of what happens at a slot.
  func hooks(for plan: SlotPlan) -> UnitHooks { UnitHooks(plan: plan, context: self) }

  /// Runs what blocks on a thread that may.
  static func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    let loop = MultiThreadedEventLoopGroup.singleton.any()
    // The future, not the async variant: that one drops work when the task is cancelled.
    return try await NIOThreadPool.singleton.runIfActive(eventLoop: loop, work).get()
  }

  private static func check(_ rules: [ImageCheckRule], _ path: String) async -> [CheckResult] {
    do {
      return try await blocking { ImageChecks.run(rules: rules, on: path) }
    } catch {
      return rules.map { CheckResult(kind: $0.kind.rawValue, passed: false, message: "not run: \(error)") }
    }
  }
}
