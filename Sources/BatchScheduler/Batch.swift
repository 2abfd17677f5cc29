import DumpEngine
import DumpManifest
import DumpReport
import NIOPosix
import SerialLink

/// One run of one manifest over all of its slots, side by side.
public struct Batch: Sendable {
  private let plan: BatchPlan
  private let folder: String
  private let emit: @Sendable (SessionEvent) -> Void

  /// A batch whose files go below `folder`, which exists. `emit` takes each event of each slot and must not block.
  public init(plan: BatchPlan, folder: String, emit: @escaping @Sendable (SessionEvent) -> Void) {
    self.plan = plan
    self.folder = folder
    self.emit = emit
  }

  /// Runs all slots, each in a task of its own; one that fails disturbs no other, unless the plan says to stop.
  ///
  /// Cancelling the calling task stops every session within a line; each still leaves true partial images.
  /// Returns the results in the manifest's order, one for each slot.
  public func run() async -> [UnitResult] {
    let units = UnitRegistry(batchFolder: folder)
    var results: [String: UnitResult] = [:]
    var stoppedBy: String?
    await withTaskGroup(of: UnitResult.self) { group in
      var waiting = plan.slots[...]
      for slot in waiting.prefix(plan.maxParallel ?? plan.slots.count) {
        group.addTask { await dump(slot, units) }
      }
      waiting = waiting.dropFirst(plan.maxParallel ?? plan.slots.count)
      for await result in group {
        results[result.slot] = stoppedBy.map { Self.stopped(result, by: $0) } ?? result
        if plan.onFailure == .stop, stoppedBy == nil, !Task.isCancelled, hasFailed(result) {
          stoppedBy = result.slot
          group.cancelAll()
        }
        if let next = waiting.popFirst() { group.addTask { await dump(next, units) } }
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

  /// Whether a slot did not give what its policy demands; where it demands no proof, the lack of it is no failure.
  private func hasFailed(_ result: UnitResult) -> Bool {
    guard plan.slots.first(where: { $0.name == result.slot })?.policy.verify == DumpPolicy.Verify.none else {
      return !result.isVerified
    }
    let isWhole = result.regions.allSatisfy { $0.isComplete && $0.checks.allSatisfy { $0.passed } }
    return result.failure != nil || result.interrupted || !isWhole
  }

  private func dump(_ slot: SlotPlan, _ units: UnitRegistry) async -> UnitResult {
    let services = SessionServices(
      batchFolder: folder, emit: emit,
      claimFolder: { slot, identity in try await units.claim(slot, identity) },
      check: { rules, path in await Self.check(rules, path) })
    let session = Session(plan: slot, address: LinkAddress(slot.endpoint), services: services)
    return await session.run(on: MultiThreadedEventLoopGroup.singleton)
  }

  /// Checks read whole images: on a thread that may block.
  private static func check(_ rules: [ImageCheckRule], _ path: String) async -> [CheckResult] {
    do {
      let loop = MultiThreadedEventLoopGroup.singleton.any()
      return try await NIOThreadPool.singleton.runIfActive(eventLoop: loop) {
        ImageChecks.run(rules: rules, on: path)
      }.get()
    } catch {
      return rules.map { CheckResult(kind: $0.kind.rawValue, passed: false, message: "not run: \(error)") }
    }
  }
}

extension LinkAddress {
  /// Where a slot's console is.
  init(_ endpoint: Endpoint) {
    switch endpoint {
    case .tty(let path): self = .tty(path: path)
    case .tcp(let host, let port): self = .tcp(host: host, port: port)
    case .unix(let path): self = .unix(path: path)
    case .adapter: preconditionFailure("slots bound by match rules are refused before a batch begins")
    }
  }
}
