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
  private let places: WorkPlaces

  /// A batch whose files go below `folder`, which exists. `emit` takes each event of each slot and must not block.
  ///
  /// - Parameters:
  ///   - directory: where the slots' consoles are; absent: where the manifest says, without any adapter.
  ///   - earlier: the units that are known from a run before, their images read again. What is done is left alone.
  public init(
    plan: BatchPlan, folder: String, directory: SlotDirectory? = nil, earlier: [UnitState] = [],
    emit: @escaping @Sendable (SessionEvent) -> Void
  ) {
    self.plan = plan
    self.directory = directory ?? SlotDirectory(slots: plan.slots)
    context = BatchContext(folder: folder, isLine: false, earlier: earlier, emit: emit)
    places = WorkPlaces(plan.maxParallel ?? plan.slots.count, of: plan.slots.count)
  }

  /// What became of a slot.
  private struct Outcome: Sendable {
    /// Whether nothing was done, for all was done before.
    var isSkipped = false
    var result: UnitResult
    /// What is known from before of the unit that was there, where the session did not get to any.
    var earlier: UnitResult?
  }

  /// Runs all slots, each in a task of its own; one that fails disturbs no other, unless the plan says to stop.
  ///
  /// Cancelling the calling task stops every session within a line; each still leaves true partial images.
  /// Returns the results in the manifest's order, one for each slot that does not stand for a unit that was found at
  /// another, and behind them those of units of a run before that are at no slot any more.
  public func run() async -> [UnitResult] {
    var outcomes: [String: Outcome] = [:]
    var stoppedBy: String?
    await withTaskGroup(of: Outcome.self) { group in
      for (number, slot) in plan.slots.enumerated() {
        group.addTask { await dump(slot, number) }
      }
      for await var outcome in group {
        if let stoppedBy { outcome.result = Self.stopped(outcome.result, by: stoppedBy) }
        let result = outcome.result
        outcomes[result.slot] = outcome
        if plan.onFailure == .stop, stoppedBy == nil, !Task.isCancelled, hasFailed(result) {
          stoppedBy = result.slot
          group.cancelAll()
        }
        // Not before: what is next must not begin where this one's failure stops it.
        if let number = plan.slots.firstIndex(where: { $0.name == result.slot }) { places.leave(number) }
      }
    }
    let results = Self.results(plan.slots.compactMap { outcomes[$0.name] })
    return results + (await context.units.others(than: Set(results.map(\.folder))))
  }

  /// A slot without a unit stands for what is known of the one it had, unless that one was found elsewhere.
  private static func results(_ outcomes: [Outcome]) -> [UnitResult] {
    let found = Set(outcomes.filter { $0.earlier == nil }.map(\.result.folder))
    return outcomes.compactMap { outcome in
      guard let earlier = outcome.earlier else { return outcome.result }
      guard !found.contains(earlier.folder) else { return outcome.isSkipped ? nil : outcome.result }
      var result = earlier
      result.failure = outcome.result.failure ?? earlier.failure
      result.interrupted = outcome.result.interrupted
      result.ended = outcome.result.ended
      return result
    }
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
    return !result.meets(slot)
  }

  private func dump(_ slot: SlotPlan, _ number: Int) async -> Outcome {
    let earlier = await context.units.earlier(at: slot)
    if let earlier, slot.policy.again != .verify, earlier.meets(slot) {
      context.emit(.skipped(earlier), at: slot.name)
      return Outcome(isSkipped: true, result: earlier, earlier: earlier)
    }
    let session = Session(plan: slot, services: context.services(for: slot))
    let result: UnitResult
    do throws(SessionError) {
      let address = try await workplace(of: slot, number)
      result = await session.run(at: address, on: MultiThreadedEventLoopGroup.singleton)
    } catch {
      result = session.end(error)
    }
    // Where a lamp tells what failed, it is also to tell of a slot whose adapter is gone.
    await context.hooks(for: slot).unitEnded(session.claim, result)
    return Outcome(result: result, earlier: session.claim == nil ? earlier : nil)
  }

  /// Where the slot's console is, when it is there and the slot may work.
  private func workplace(of slot: SlotPlan, _ number: Int) async throws(SessionError) -> LinkAddress {
    // What does not wait for an adapter needs none before its turn.
    if slot.policy.noAdapter == .fail, await !places.take(number) {
      throw SessionError(.interrupted, "stopped by the user")
    }
    while true {
      let address = try await address(of: slot) { places.leave(number) }
      if slot.policy.noAdapter == .fail { return address }
      guard await places.take(number) else { throw SessionError(.interrupted, "stopped by the user") }
      // Meanwhile its adapter may have gone.
      if directory.view(of: slot.name)?.place == .ready(address), isThere(address) { return address }
      places.leave(number)
    }
  }

  /// How long it takes at most to see a tty that the manifest names by its path: what links lead to it is not udev's
  /// alone.
  private static let lookTime = Duration.seconds(1)

  /// Whether it is no tty that is gone.
  private func isThere(_ address: LinkAddress) -> Bool {
    if case .tty(let path) = address { access(path, F_OK) == 0 } else { true }
  }

  /// Where the slot's console is; waits for its adapter where the policy says so.
  ///
  /// - Parameter onWait: called when it has to.
  private func address(of slot: SlotPlan, onWait: () -> Void) async throws(SessionError) -> LinkAddress {
    var isWaiting = false
    while !Task.isCancelled {
      let view = directory.view(of: slot.name)
      switch view?.place {
      case .ready(let address) where slot.policy.noAdapter == .wait && !isThere(address):
        if !isWaiting {
          context.emit(.noAdapter("\(address.description) is not there: plug its adapter in"), at: slot.name)
          onWait()
        }
        isWaiting = true
        try? await ContinuousClock().sleep(for: Self.lookTime)
      case .ready(let address): return address
      case .missing(let reason) where slot.policy.noAdapter == .wait,
        .ambiguous(let reason) where slot.policy.noAdapter == .wait:
        context.emit(.noAdapter(reason), at: slot.name)
        onWait()
        await directory.changed(of: slot.name, from: view)
      case .missing(let reason), .ambiguous(let reason): throw SessionError(.link, reason)
      case nil: throw SessionError(.link, "the slot is not in the manifest any more")
      }
    }
    throw SessionError(.interrupted, "stopped by the user")
  }
}
