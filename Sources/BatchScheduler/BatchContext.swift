import DumpEngine
import DumpManifest
import DumpReport
import Foundation
import NIOPosix

/// What all slots of a batch share.
struct BatchContext: Sendable {
  /// Folder of the batch, which exists.
  let folder: String
  /// Takes each event of each slot; must not block.
  let emit: @Sendable (SessionEvent) -> Void
  /// Which unit is where, and what became of it.
  let units: UnitRegistry

  init(folder: String, emit: @escaping @Sendable (SessionEvent) -> Void) {
    self.folder = folder
    self.emit = emit
    units = UnitRegistry(batchFolder: folder)
  }

  /// Tells what happens at a slot.
  func emit(_ kind: SessionEvent.Kind, at slot: String) {
    emit(SessionEvent(time: Date(), slot: slot, kind: kind))
  }

  /// What a session at a slot needs.
  ///
  /// - Parameter isOnLine: whether units come and go: one that another slot still holds may have been moved.
  func services(for plan: SlotPlan, isOnLine: Bool = false) -> SessionServices {
    let (units, hooks) = (units, hooks(for: plan))
    var services = SessionServices(
      batchFolder: folder, emit: emit,
      claim: { _, identity in
        let patience = Duration.seconds(isOnLine ? plan.console.wakeTimeout + plan.console.replyTimeout : 0)
        let claim = try await Self.claim(units, plan, identity, within: patience)
        await hooks.unitArrived(claim, identity)
        return claim
      },
      check: { rules, path in await Self.check(rules, path) },
      runProgram: { program, _ in await hooks.runReset(program) })
    services.keepsUnidentified = !isOnLine
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
