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
  /// How long a slot rests whose unit's files the disk has refused.
  private static let diskRetryTime = Duration.seconds(60)
  /// How long nobody must have been heard before a unit is switched on.
  private static let silenceBeforeReset = Duration.seconds(10)
  /// How often a unit is reset that comes to no prompt.
  private static let mostResets = 2

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
    let opened = ContinuousClock.now
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
    // Meanwhile the node may have become another adapter's.
    if directory.view(of: slot) == view { await serve(link, view) }
    await link.close()
    // A console server that accepts and hangs up at once must not be called a thousand times a second.
    if .now - opened < Self.retryTime { await pause(view) }
    return nil
  }

  /// Waits for a change, or until it is time to try again: not every obstacle that goes away makes an event.
  private func pause(_ view: SlotDirectory.View, for time: Duration = retryTime) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await directory.changed(of: slot, from: view) }
      group.addTask { try? await ContinuousClock().sleep(for: time) }
      await group.next()
      group.cancelAll()
    }
  }

  private func serve(_ link: Link, _ first: SlotDirectory.View) async {
    var view = first
    var sign = Sign.silence
    var outlook = Outlook()
    while directory.view(of: slot) == view {
      switch sign {
      case .over: return
      case .silence:
        emit(.noUnit)
        let maySwitchOn = view.plan.reset != nil && outlook.resetsLeft > 0
        sign = await search(link, view, for: maySwitchOn ? Self.silenceBeforeReset : nil, isLost: outlook.isLost)
        if case .silence = sign { sign = await attend(link, &view, heard: [], &outlook) }
      case .heard(let bytes):
        sign = await attend(link, &view, heard: bytes, &outlook)
      }
    }
  }

  /// What is known of whoever comes next at a slot.
  private struct Outlook {
    /// Whether it may be at another line rate. A watch that was killed may have left it there; whoever comes later has
    /// another beginning.
    var isLost = true
    /// How often one that comes to no prompt may still be reset: one that boots something else must not be cut off
    /// again and again.
    var resetsLeft = mostResets
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
  private func search(_ link: Link, _ view: SlotDirectory.View, for limit: Duration?, isLost: Bool) async -> Sign {
    let console = view.plan.console
    return await whileIdle(view) { () async throws(SessionError) in
      let presence = UnitPresence(plan: console, link: link)
      return try await presence.awaitSign(within: limit, isLost: isLost).map(Sign.heard) ?? .silence
    }
  }

  /// Does all there is to do with a unit, and waits until it has left.
  private func attend(
    _ link: Link, _ view: inout SlotDirectory.View, heard: [UInt8], _ outlook: inout Outlook
  ) async -> Sign {
    let plan = view.plan
    var allowed = plan
    if outlook.resetsLeft <= 0 { allowed.reset = nil }
    let session = Session(plan: allowed, services: context.services(for: plan))
    let result = await session.run(over: link, heard: heard)
    let isUnmet = session.prompt == nil
    outlook.resetsLeft = isUnmet ? outlook.resetsLeft - session.resets : Self.mostResets
    outlook.isLost = session.hasLostConsole || outlook.isLost && isUnmet
    if session.resets > 0, outlook.resetsLeft == 0 {
      emit(
        .trouble("reset \(Self.mostResets) times without a prompt: left alone until one comes; check power and cable"))
    }
    await settle(session, result, plan)
    let failure = result.failure.flatMap { SessionError.Kind(rawValue: $0.kind) }
    if result.interrupted || failure == .linkLost { return .over }
    if failure == .otherUnit {
      emit(.unitLeft)
      return .heard([])
    }
    if failure == .disk {
      // Nothing tells when the disk is well again, and each try takes some more of it.
      if let now = directory.view(of: slot) { await pause(now, for: Self.diskRetryTime) }
      return .over
    }
    guard let prompt = session.prompt, failure?.isWithoutPrompt != true else {
      if session.claim != nil { emit(.unitLeft) }
      return .silence
    }
    return await awaitDeparture(link, &view, prompt, done: result)
  }

  /// Records what became of a unit, lets go of it, and tells who wants to know.
  private func settle(_ session: Session, _ result: UnitResult, _ plan: SlotPlan) async {
    guard let claim = session.claim else {
      let isCut = result.failure?.kind == SessionError.Kind.linkLost.rawValue
      if session.prompt != nil, !isCut { await context.hooks(for: plan).unitEnded(nil, result) }
      return
    }
    if claim.isWorthRecording(result) { await record(result) }
    if case .skip(let known) = claim.purpose { await record(context.skipped(known, at: result.ended)) }
    await context.units.release(slot)
    await context.hooks(for: plan).unitEnded(claim, result)
  }

  /// Waits until the unit has left. A manifest that is read meanwhile is for the next one where it asks nothing of this one
  /// that is not done.
  private func awaitDeparture(
    _ link: Link, _ view: inout SlotDirectory.View, _ prompt: String, done result: UnitResult
  ) async -> Sign {
    emit(.awaitingDeparture)
    while let now = directory.view(of: slot), now == view || now.asksTheSame(as: view) && result.meets(now.plan) {
      view = now
      let console = now.plan.console
      let sign = await whileIdle(now) { () async throws(SessionError) in
        let heard = try await UnitPresence(plan: console, link: link).awaitDeparture(from: prompt)
        return heard.isEmpty ? .silence : .heard(heard)
      }
      if case .over = sign, !Task.isCancelled, directory.view(of: slot) != now { continue }
      if case .over = sign { return sign }
      emit(.unitLeft)
      return sign
    }
    return .over
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

extension SlotDirectory.View {
  /// Whether it asks for the same images of the unit at the same console as another.
  fileprivate func asksTheSame(as other: SlotDirectory.View) -> Bool {
    place == other.place && plan.console == other.plan.console && plan.identity == other.plan.identity
      && DumpScope(plan) == DumpScope(other.plan)
  }
}
