import DumpManifest
import SerialLink
import Synchronization

/// Bringing a unit into its boot loader by force, as the manifest says.
struct UnitReset: Sendable {
  let plan: ResetPlan
  let link: Link
  /// Runs a program to its end and says why it failed, if it did.
  let run: @Sendable ([String]) async -> String?

  /// Resets the unit.
  ///
  /// - Throws: `resetFailed` where the program failed, or the adapter has no such lines.
  func perform() async throws(SessionError) {
    switch plan.means {
    case .command(let program):
      if let problem = await run(program) {
        throw SessionError(.resetFailed, "\(link.address): the unit could not be reset: \(problem)")
      }
    case .lines(let steps):
      for step in steps { try await take(step) }
      // Only now: a line that holds the unit in reset must be let go, whoever is in a hurry.
      if Task.isCancelled { throw SessionError(.interrupted, "stopped by the user") }
    }
  }

  private func take(_ step: ResetPlan.LineStep) async throws(SessionError) {
    do throws(LinkError) {
      if step.dtr != nil || step.rts != nil { try await link.setModemLines(dtr: step.dtr, rts: step.rts) }
      if step.sendsBreak { try await link.sendBreak() }
    } catch {
      guard error.kind == .unsupported else { throw SessionError(error) }
      throw SessionError(.resetFailed, "the unit could not be reset: \(error)")
    }
    // What the lines are held for is the hardware's own time; nothing tells when it has passed but the clock.
    try? await ContinuousClock().sleep(for: .seconds(step.seconds))
  }
}

/// How a reset that is under way has ended, for whoever listens to the unit meanwhile.
final class ResetOutcome: Sendable {
  private let outcome = Mutex<Result<Void, SessionError>?>(nil)

  /// Whether the reset is over.
  var isKnown: Bool { outcome.withLock { $0 != nil } }

  /// Throws why the reset failed, if it is known that it did.
  func check() throws(SessionError) {
    try outcome.withLock { $0 }?.get()
  }

  /// Performs a reset and remembers how it ended.
  func follow(_ reset: UnitReset) async {
    let result: Result<Void, SessionError>
    do throws(SessionError) {
      try await reset.perform()
      result = .success(())
    } catch {
      result = .failure(error)
    }
    outcome.withLock { $0 = result }
  }
}
