import DumpEngine
import DumpManifest
import DumpReport
import Foundation
import NIOPosix
import SerialLink

/// One run of one manifest over all of its slots, side by side.
public struct Batch: Sendable {
  private let plan: BatchPlan
  private let directory: SlotDirectory
  private let context: BatchContext

  /// A batch whose files go below `folder`, which exists. `emit` takes each event of each slot and must not block.
  ///
  /// - Parameter directory: where the slots' consoles are; absent: where the manifest says, without any adapter.
  public init(
    plan: BatchPlan, folder: String, directory: SlotDirectory? = nil,
    emit: @escaping @Sendable (SessionEvent) -> Void
  ) {
    self.plan = plan
    self.directory = directory ?? SlotDirectory(slots: plan.slots)
    context = BatchContext(folder: folder, emit: emit)
  }

  /// Runs all slots, each in a task of its own; one that fails disturbs no other, unless the plan says to stop.
  ///
  /// Cancelling the calling task stops every session within a line; each still leaves true partial images.
  /// Returns the results in the manifest's order, one for each slot.
  public func run() async -> [UnitResult] {
    var results: [String: UnitResult] = [:]
    var stoppedBy: String?
    await withTaskGroup(of: UnitResult.self) { group in
      var waiting = plan.slots[...]
      for slot in waiting.prefix(plan.maxParallel ?? plan.slots.count) {
        group.addTask { await dump(slot) }
      }
      waiting = waiting.dropFirst(plan.maxParallel ?? plan.slots.count)
      for await result in group {
        results[result.slot] = stoppedBy.map { Self.stopped(result, by: $0) } ?? result
        if plan.onFailure == .stop, stoppedBy == nil, !Task.isCancelled, hasFailed(result) {
          stoppedBy = result.slot
          group.cancelAll()
        }
        if let next = waiting.popFirst() { group.addTask { await dump(next) } }
      }
    }
    return plan.slots.compactMap { results[$0.name] }
  }

  /// A session that another slot's failure has stopped was not stopped by the user.
  private static func stopped(_ result: UnitResult, by slot: String) -> UnitResult {
    guard result.interrupted, !Task.isCancelled else { return result }
    var result = result
    result.interrupted = false
    result.failure = .init(kind: "stopped", message: "stopped because slot \(slot) failed (`onFailure: stop`)")
    return result
  }

  /// Whether a slot did not give what its policy demands.
  private func hasFailed(_ result: UnitResult) -> Bool {
    guard let slot = plan.slots.first(where: { $0.name == result.slot }) else { return true }
    return !result.meets(slot.policy)
  }

  private func dump(_ slot: SlotPlan) async -> UnitResult {
    let session = Session(plan: slot, services: context.services(for: slot))
    do throws(SessionError) {
      let address = try await address(of: slot)
      let result = await session.run(at: address, on: MultiThreadedEventLoopGroup.singleton)
      if let claim = session.claim { await context.hooks(for: slot).unitEnded(claim, result) }
      return result
    } catch {
      return session.end(error)
    }
  }

  /// Where the slot's console is; waits for its adapter where the policy says so.
  private func address(of slot: SlotPlan) async throws(SessionError) -> LinkAddress {
    while !Task.isCancelled {
      let view = directory.view(of: slot.name)
      switch view?.place {
      case .ready(let address): return address
      case .missing(let reason) where slot.policy.noAdapter == .wait,
        .ambiguous(let reason) where slot.policy.noAdapter == .wait:
        context.emit(.noAdapter(reason), at: slot.name)
        await directory.changed(of: slot.name, from: view)
      case .missing(let reason), .ambiguous(let reason): throw SessionError(.link, reason)
      case nil: throw SessionError(.link, "the slot is not in the manifest any more")
      }
    }
    throw SessionError(.interrupted, "stopped by the user")
  }
}
