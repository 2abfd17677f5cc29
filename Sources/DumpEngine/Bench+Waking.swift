import ConsoleDialect
import DumpManifest

/// Getting to the prompt: by typing, at whatever rate the console is, or by a reset.
extension Bench {
  /// Seconds to wait for a prompt before a unit is reset that the manifest allows to be.
  private static let patienceBeforeReset = 10.0
  /// Seconds without anything readable after which a console is looked for at other rates.
  private static let patienceBeforeSearch = 3.0

  /// How often a console at another rate is asked for its prompt before it is taken for one that has reset.
  private static let raisedAttempts = 2

  func onBoot() { session.emit(.booting) }

  /// Brings the console to its prompt, by a reset where typing alone does not and the manifest allows it.
  func wake() async throws(SessionError) -> [String] {
    let printed = try await isStillRaised() ? [] : wakeHere()
    pace.meet()
    return printed
  }

  private func wakeHere() async throws(SessionError) -> [String] {
    guard plan.reset != nil else { return try await wakeAnywhere() }
    // Where nobody answers at any rate typing is in vain.
    if pace.isGivenUp { return try await wakeByReset() }
    do {
      return try await wakeAnywhere(within: Self.patienceBeforeReset)
    } catch {
      guard error.kind.isWithoutPrompt else { throw error }
      return try await wakeByReset()
    }
  }

  /// Whether a console at another rate than the manifest's answers there. One that does not has been reset, or is busy,
  /// or is lost: the link is set back.
  private func isStillRaised() async throws(SessionError) -> Bool {
    guard console.link.speed != plan.console.speed else { return false }
    console.watchLegibility()
    do {
      // Noise that has lost the console may hit one prompt as well; who says nothing may be starting, and cannot wait.
      for _ in 0..<Self.raisedAttempts {
        let answer = try await console.nudgeAnswer()
        if answer.isPrompt { return true }
        if answer.bytes.isEmpty { break }
      }
    } catch {
      guard error.kind.tellsOfReset else { throw error }
    }
    pace.suspect([console.link.speed])
    try await followReset()
    return false
  }

  /// Sets the link back to the manifest's rate, at which a unit that has reset may already be asking for a key.
  func followReset() async throws(SessionError) {
    try await console.setLinkSpeed(plan.console.speed)
    console.mayHaveMissedCountdown = true
    pace.hasFallen = true
  }

  /// Wakes the console at the manifest's rate, or at another where it says nothing there that can be read: a run that was
  /// killed leaves it at the rate that it had. It is then brought back to the manifest's rate.
  private func wakeAnywhere(within limit: Double? = nil) async throws(SessionError) -> [String] {
    let limit = min(limit ?? plan.console.wakeTimeout, plan.console.wakeTimeout)
    guard console.hasSpeeds, pace.isElsewhere(base: plan.console.speed) else {
      return try await console.wake(within: limit, onBoot: onBoot)
    }
    let deadline = ContinuousClock.now + .seconds(limit)
    // Whoever was looked for elsewhere is listened to once more, however little time is left.
    let least = min(Self.patienceBeforeSearch, limit / 2)
    repeat {
      let left = max(least, (deadline - .now) / .seconds(1))
      let patience = min(Self.patienceBeforeSearch, left / 2)
      if let printed = try await wakeUnlessMute(within: left, of: limit, patience: patience) { return printed }
      if try await isFoundElsewhere() { return [] }
    } while deadline - .now >= .seconds(least)
    let left = max(least, (deadline - .now) / .seconds(1))
    return try await console.wake(within: left, of: limit, onBoot: onBoot)
  }

  /// As ``Console/wake(within:of:onBoot:check:)``; nil where nothing readable came for so long.
  private func wakeUnlessMute(
    within limit: Double, of whole: Double, patience: Double
  ) async throws(SessionError) -> [String]? {
    let end = ContinuousClock.now + .seconds(patience)
    var isMute = false
    do {
      return try await console.wake(within: limit, of: whole, onBoot: onBoot) { (waking) throws(SessionError) in
        isMute = waking.isMute && .now >= end
        if isMute { throw SessionError(.noPrompt, "nothing readable") }
      }
    } catch {
      guard isMute else { throw error }
      return nil
    }
  }

  /// Looks for the console at the manifest's rate, where it may be waiting for the confirmation of a change, then at
  /// the dialect's others, each once, and brings it back from there. Who is heard at the manifest's rate is left to be
  /// woken.
  private func isFoundElsewhere() async throws(SessionError) -> Bool {
    let base = plan.console.speed
    let before = console.counters.received
    let found = try await console.search(at: [base] + pace.ladder.hidingPlaces)
    console.mayHaveMissedCountdown = console.counters.received > before
    guard let found else { return false }
    guard found.rate != base else {
      console.hearAgain(found.heard)
      return false
    }
    session.emit(
      .trouble("the console is at \(found.rate) baud, as a run that was killed may leave it: back to \(base)"))
    return try await isBroughtBack(from: found.rate)
  }

  /// Whether a console at another rate than the manifest's is at that now; where it is not, the link is.
  private func isBroughtBack(from rate: Int) async throws(SessionError) -> Bool {
    let base = plan.console.speed
    do throws(SessionError) {
      switch try await outcome(of: base) {
      case .changed:
        console.mayHaveMissedCountdown = false
        pace.hasFallen = false
        session.emit(.speed(base))
        return true
      case .refused(let words):
        throw SessionError(
          .wrongSpeed,
          "\(console.place): the console is at \(rate) baud and does not change to \(base) (`\(words)`): name its speed "
            + "in the manifest")
      case .untold, .lost: break
      }
    } catch {
      guard error.kind.tellsOfReset else { throw error }
    }
    try await console.setLinkSpeed(base)
    return false
  }

  /// Resets the unit and brings its console to the prompt.
  ///
  /// The unit is listened to all the while: a program that switches a relay and waits a little would else outlast the
  /// few seconds in which a boot loader can be stopped. What is at the prompt before the reset is over may not have been
  /// reset yet, so only a prompt after that counts.
  func wakeByReset() async throws(SessionError) -> [String] {
    guard let plan = plan.reset else { return try await console.wake(onBoot: onBoot) }
    session.emit(.trouble("resetting the unit"))
    let (services, slot) = (session.services, session.plan.name)
    // A program that has switched the power off shall also switch it on again, whoever is in a hurry.
    let reset = UnitReset(plan: plan, link: console.link) { program in
      await Task { await services.runProgram(program, slot) }.value
    }
    let outcome = ResetOutcome()
    async let resetting: Void = outcome.follow(reset)
    resets += 1
    var printed: [String] = []
    do {
      repeat {
        printed += try await console.wake(onBoot: onBoot) { (_) throws(SessionError) in try outcome.check() }
      } while !outcome.isKnown
    } catch {
      await resetting
      throw error
    }
    await resetting
    try outcome.check()
    return printed + (try await console.wake(onBoot: onBoot))
  }
}
