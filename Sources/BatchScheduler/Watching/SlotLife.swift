import DumpEngine
import DumpManifest
import Foundation
import NIOPosix
import SerialLink

/// The life of one slot on a line: no adapter, no unit, a unit that starts, is known, dumped and done with, and leaves;
/// then the next. Adapters and units come and go at any time.
struct SlotLife: Sendable {
  /// How long a link that cannot be opened is left alone where no event tells that it can be.
  private static let retryTime = Duration.seconds(2)
  /// How long nobody must have been heard before a unit is switched on.
  private static let silenceBeforeReset = Duration.seconds(10)

  let slot: String
  let directory: SlotDirectory
  let context: BatchContext
  /// Takes what became of a unit.
  let record: @Sendable (UnitResult) async -> Void

  /// Lives until the task is cancelled. While the slot is not in the manifest it does nothing.
  func run() async {
    var lastProblem: String?
    while !Task.isCancelled {
      guard let view = directory.view(of: slot) else {
        await directory.changed(of: slot, from: nil)
        continue
      }
      switch view.place {
      case .missing(let problem), .ambiguous(let problem):
        emit(.noAdapter(problem))
        lastProblem = nil
        await directory.changed(of: slot, from: view)
      case .ready(let address):
        lastProblem = await serve(address, view, after: lastProblem)
      }
    }
  }

  private func emit(_ kind: SessionEvent.Kind) { context.emit(kind, at: slot) }

  /// Serves the console at an address for as long as its link lasts. Returns why there is no link, if so; says it only
  /// when it is another reason than `before`.
  private func serve(_ address: LinkAddress, _ view: SlotDirectory.View, after before: String?) async -> String? {
    if before == nil { emit(.connecting(link: address.description)) }
    let link: Link
    do throws(LinkError) {
      link = try await Link.open(
        address, settings: LineSettings(view.plan.console), on: MultiThreadedEventLoopGroup.singleton)
    } catch {
      let problem = error.description
      if problem != before, error.kind != .cancelled { emit(.noAdapter(problem)) }
      await pause(view)
      return problem
    }
    await serve(link, view)
    await link.close()
    return nil
  }

  /// Waits for a change, or until it is time to try again: not every obstacle that goes away makes an event.
  private func pause(_ view: SlotDirectory.View) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await directory.changed(of: slot, from: view) }
      group.addTask { try? await ContinuousClock().sleep(for: Self.retryTime) }
      await group.next()
      group.cancelAll()
    }
  }

  private func serve(_ link: Link, _ view: SlotDirectory.View) async {
    var sign = Sign.silence
    // A slot that can switch its unit on tries that once in each silence.
    var maySwitchOn = view.plan.reset != nil
    while true {
      switch sign {
      case .over: return
      case .silence:
        emit(.noUnit)
        sign = await search(link, view, for: maySwitchOn ? Self.silenceBeforeReset : nil)
        if case .silence = sign {
          maySwitchOn = false
          sign = await attend(link, view, heard: [])
        } else {
          maySwitchOn = view.plan.reset != nil
        }
      case .heard(let bytes): sign = await attend(link, view, heard: bytes)
      }
    }
  }

  /// What is next at a slot.
  private enum Sign: Sendable {
    /// A unit, or something else, says something.
    case heard([UInt8])
    /// Nobody is there.
    case silence
    /// The link cannot be used any longer, or is wanted for something else.
    case over
  }

  /// Waits for a unit, for so long.
  private func search(_ link: Link, _ view: SlotDirectory.View, for limit: Duration?) async -> Sign {
    let console = view.plan.console
    return await whileIdle(view) { () async throws(SessionError) in
      try await UnitPresence(plan: console, link: link).awaitSign(within: limit).map(Sign.heard) ?? .silence
    }
  }

  /// Does all there is to do with a unit, and waits until it has left.
  private func attend(_ link: Link, _ view: SlotDirectory.View, heard: [UInt8]) async -> Sign {
    var services = context.services(for: view.plan)
    services.keepsUnidentified = false
    let session = Session(plan: view.plan, services: services)
    let result = await session.run(over: link, heard: heard)
    if let claim = session.claim {
      if !claim.isOnlySkipped { await record(result) }
      await context.units.release(slot)
      await context.hooks(for: view.plan).unitEnded(claim, result)
    } else if session.prompt != nil {
      await context.hooks(for: view.plan).unitEnded(nil, result)
    }
    switch result.failure?.kind {
    case SessionError.Kind.linkLost.rawValue: return .over
    case SessionError.Kind.otherUnit.rawValue:
      emit(.unitLeft)
      return .heard([])
    default: break
    }
    if result.interrupted { return .over }
    guard let prompt = session.prompt, result.failure?.kind != SessionError.Kind.noPrompt.rawValue else {
      if session.claim != nil { emit(.unitLeft) }
      return .silence
    }
    return await awaitDeparture(link, view, prompt)
  }

  private func awaitDeparture(_ link: Link, _ view: SlotDirectory.View, _ prompt: String) async -> Sign {
    emit(.awaitingDeparture)
    let console = view.plan.console
    let sign = await whileIdle(view) { () async throws(SessionError) in
      let heard = try await UnitPresence(plan: console, link: link).awaitDeparture(from: prompt)
      return heard.isEmpty ? .silence : .heard(heard)
    }
    if case .over = sign { return sign }
    emit(.unitLeft)
    return sign
  }

  /// Waits for something while the slot may be told to do something else.
  private func whileIdle(
    _ view: SlotDirectory.View, _ wait: @escaping @Sendable () async throws(SessionError) -> Sign
  ) async -> Sign {
    await withTaskGroup(of: Sign.self) { group in
      group.addTask {
        do throws(SessionError) { return try await wait() } catch { return .over }
      }
      group.addTask {
        await directory.changed(of: slot, from: view)
        return .over
      }
      var sign = await group.next() ?? .over
      group.cancelAll()
      // What was heard in the same moment must not get lost.
      for await other in group { if case .heard = other { sign = other } }
      return Task.isCancelled ? .over : sign
    }
  }
}

extension UnitClaim {
  /// Whether nothing was done with the unit that is worth recording.
  fileprivate var isOnlySkipped: Bool {
    if case .skip = purpose { true } else { false }
  }
}
