import ConsoleDialect

/// One step from a line rate to another, and what to do where it goes wrong.
extension Bench {
  /// How often a change is tried whose command was hit.
  private static let stepAttempts = 3
  /// How often a lower rate is tried: whoever asks for it has a poor line, and nothing else that helps.
  private static let descentAttempts = 12
  /// How often a console is looked for at the two rates of a step that has lost it.
  private static let regainAttempts = 2

  /// What became of a step.
  enum Step {
    /// The rate is proven.
    case good
    /// The unit or the adapter does not have it.
    case refused
    /// The line does not carry it; the console is back at another.
    case failed
    /// The unit has reset meanwhile, and is back at the manifest's rate.
    case reset
  }

  /// Changes to a rate, and back where the line does not carry it.
  func step(to rate: Int, _ probe: SpeedProbe) async throws(SessionError) -> Step {
    let from = console.link.speed
    do {
      switch try await outcome(of: rate) {
      case .refused: return .refused
      case .changed where try await isCarried(probe):
        settle(at: rate)
        return .good
      case .changed:
        session.emit(.trouble("the line does not carry \(rate) baud: back to \(from)"))
        if try await outcome(of: from) == .changed {
          settle(at: from)
          return .failed
        }
      case .lost:
        session.emit(.trouble("no prompt came at \(rate) baud: back to \(from)"))
      }
    } catch {
      guard error.kind.tellsOfReset else { throw error }
      try await meetReset(error, [from, rate])
      return .reset
    }
    try await regain(wanted: from, tried: rate)
    return .failed
  }

  /// Lowers the rate to the next that the unit offers. On a poor line that may take some trying. Returns whether the
  /// rate is lower now.
  func comeDown(from rate: Int) async throws(SessionError) -> Bool {
    var attempts = 0
    var wanted = pace.ladder.below(rate, mayLeaveBase: hasWayBack)
    while let lower = wanted, console.link.speed == rate, attempts < Self.descentAttempts {
      pace.best = lower
      do {
        switch try await outcome(of: lower) {
        case .changed:
          settle(at: lower)
          return true
        case .refused:
          wanted = pace.ladder.below(lower, mayLeaveBase: hasWayBack)
          continue
        case .lost: attempts += 1
        }
      } catch {
        guard error.kind.tellsOfReset else { throw error }
        try await meetReset(error, [rate, lower])
        break
      }
      try await regain(wanted: rate, tried: lower)
    }
    return console.link.speed < rate
  }

  /// Changes the rate; a console that is lost on the way is told as that.
  ///
  /// - Throws: `reset` or `garbled` where the unit has reset meanwhile.
  func outcome(of rate: Int) async throws(SessionError) -> Console.SpeedOutcome {
    pace.suspect([console.link.speed, rate])
    for _ in 0..<Self.stepAttempts {
      do {
        let outcome = try await console.changeSpeed(to: rate)
        if outcome != .lost { pace.meet() }
        return outcome
      } catch {
        guard error.isRecoverable, !error.kind.tellsOfReset else { throw error }
        // What was not echoed right was not run: the console is where it was.
        guard error.kind == .echo, try await console.answersNudge() else { break }
      }
    }
    return .lost
  }

  private func settle(at rate: Int) {
    pace.best = max(pace.best, rate)
    pace.countAnew(console)
    pace.hasOldBytes = true
    session.emit(.speed(rate))
  }

  // MARK: Where it goes wrong

  /// Finds a console that a step has lost: at one of the rates that it may have, or by all that a recovery can do. What
  /// can be spoken to at the rate that has failed can be told to leave it.
  private func regain(wanted: Int, tried: Int) async throws(SessionError) {
    let prompt = console.prompt.learned
    do throws(SessionError) {
      for _ in 0..<Self.regainAttempts {
        guard let found = try await console.search(at: [wanted, tried], longest: Console.longestReply) else { continue }
        guard found.kind == .prompt, found.rate == wanted || found.rate == tried else {
          console.hearAgain(found.heard)
          throw SessionError(.garbled, "the unit has reset: it speaks at \(found.rate) baud")
        }
        pace.meet()
        if found.rate == plan.console.speed { return try await meetAtBase(found, wanted, expecting: prompt) }
        if found.rate == wanted { return settle(at: wanted) }
        if try await outcome(of: wanted) == .changed { return settle(at: wanted) }
      }
    } catch {
      guard error.kind.tellsOfReset else { throw error }
      return try await meetReset(error, [wanted, tried])
    }
    try await console.setLinkSpeed(plan.console.speed)
    pace.isGivenUp = true
    let advice = plan.reset == nil ? ": switch it off and on" : ""
    let problem = "the console answers neither at \(wanted) nor at \(tried) baud\(advice)"
    try await recover(SessionError(.noPrompt, problem), strandedAt: [wanted, tried])
  }

  /// Meets a console that was lost and is at its prompt at the manifest's rate: it may never have left it, or has reset
  /// unheard, and then it is another unit until it has shown to be the same, and needs its setup.
  private func meetAtBase(_ found: Console.Sighting, _ wanted: Int, expecting prompt: String?)
    async throws(SessionError)
  {
    console.hearAgain(found.heard)
    try await recover(
      from: SessionError(.noPrompt, "the console was met at \(found.rate) baud"), expecting: prompt, mayHaveReset: true)
    settle(at: found.rate)
  }

  /// Meets a unit that has reset in the middle of a step: at once, for some can be stopped for a few seconds only.
  private func meetReset(_ error: SessionError, _ rates: [Int]) async throws(SessionError) {
    if error.kind == .garbled {
      // Noise looks the same, and then the console is where it was.
      pace.suspect([console.link.speed])
      try await followReset()
    }
    try await recover(error, strandedAt: rates)
  }

  /// Recovers a console that may be waiting at one of two rates until a person resets the unit.
  private func recover(_ error: SessionError, strandedAt rates: [Int]) async throws(SessionError) {
    do {
      try await recover(from: error)
    } catch {
      guard error.kind.isWithoutPrompt else { throw error }
      let lost = rates.map(String.init).joined(separator: " nor at ")
      throw SessionError(
        .stranded,
        "\(console.place): a change of the line rate has failed: the console answers neither at \(lost) baud, and waits "
          + "until it is reset; switch the unit off and on, then resume with a lower `speedUp` or with `never`")
    }
  }

  /// Notes that the unit has fallen back to the manifest's rate, and returns whether it has.
  func noteFall() -> Bool {
    guard pace.takeFall() else { return false }
    console.counters.resets += 1
    session.emit(.unitReset)
    session.emit(.speed(plan.console.speed))
    return true
  }
}
