import ConsoleDialect

/// One step from a line rate to another, and what to do where it goes wrong.
extension Bench {
  /// How often a change is tried that has lost the console.
  private static let stepAttempts = 3
  /// How often its command is typed, three times each, where it is hit: a poor line is what it is to mend.
  private static let typingAttempts = 6
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
      case .untold:
        session.emit(.trouble("the command for \(rate) baud is hit whenever it is typed: the rate stays at \(from)"))
        return .failed
      case .lost:
        session.emit(.trouble("no prompt came at \(rate) baud: back to \(from)"))
      }
    } catch {
      guard error.kind.tellsOfReset else { throw error }
      try await meetReset(error, [from, rate])
      return .reset
    }
    _ = try await regain(at: [from, rate], wanted: from)
    return .failed
  }

  /// Lowers the rate to the next that the unit offers. Returns whether it is lower now; a session in which it has failed
  /// a few times tries no more.
  func comeDown(from rate: Int) async throws(SessionError) -> Bool {
    guard pace.descentsLeft > 0 else { return false }
    var wanted = pace.ladder.below(rate, mayLeaveBase: hasWayBack)
    var attempts = 0
    steps: while let lower = wanted, console.link.speed == rate, attempts < Self.stepAttempts {
      pace.best = lower
      do {
        switch try await outcome(of: lower) {
        case .changed: settle(at: lower)
        case .refused: wanted = pace.ladder.below(lower, mayLeaveBase: hasWayBack)
        case .untold: break steps
        case .lost:
          attempts += 1
          guard try await regain(at: [rate, lower]) else { break steps }
        }
      } catch {
        guard error.kind.tellsOfReset else { throw error }
        try await meetReset(error, [rate, lower])
        break
      }
    }
    guard console.link.speed >= rate else { return true }
    pace.descentsLeft -= 1
    return false
  }

  /// Changes the rate; a console that is lost on the way is told as that.
  ///
  /// - Throws: `reset` or `garbled` where the unit has reset meanwhile.
  func outcome(of rate: Int) async throws(SessionError) -> Console.SpeedOutcome {
    let from = console.link.speed
    // The link looks in at the other rate before the command is typed: whoever is stopped there finds it again.
    pace.suspect([from])
    for _ in 0..<Self.typingAttempts {
      let heard = console.counters.received
      do {
        let outcome = try await console.changeSpeed(to: rate) { pace.suspect([from, rate]) }
        switch outcome {
        case .untold where console.counters.received > heard: continue
        case .changed, .refused: pace.meet()
        case .untold, .lost: pace.suspect([from, rate])
        }
        return outcome == .untold ? .lost : outcome
      } catch {
        guard error.isRecoverable, !error.kind.tellsOfReset else { throw error }
        return .lost
      }
    }
    return .untold
  }

  private func settle(at rate: Int) {
    pace.best = max(pace.best, rate)
    countAnew()
    session.emit(.speed(rate))
  }

  /// Counts what noise costs at the rate that the console has now.
  private func countAnew() {
    pace.countAnew(console)
    pace.hasOldBytes = true
  }

  // MARK: Where it goes wrong

  /// Finds a console that a step has lost: at one of the rates that it may have, or by all that a recovery can do. What
  /// can be spoken to at the rate that has failed can be told to leave it.
  ///
  /// - Parameter wanted: the rate that it shall have; absent where either is right.
  /// - Returns: whether it was found at one of these and has not reset.
  private func regain(at rates: [Int], wanted: Int? = nil) async throws(SessionError) -> Bool {
    let prompt = console.prompt.learned
    do throws(SessionError) {
      for _ in 0..<Self.regainAttempts {
        guard let found = try await console.search(at: rates, longest: Console.longestReply) else { continue }
        guard found.kind == .prompt, rates.contains(found.rate) else {
          console.hearAgain(found.heard)
          throw SessionError(.garbled, "the unit has reset: it speaks at \(found.rate) baud")
        }
        pace.meet()
        let rate = wanted ?? found.rate
        if found.rate == plan.console.speed {
          try await meetAtBase(found, expecting: prompt)
          return true
        }
        if found.rate != rate, try await outcome(of: rate) != .changed { continue }
        settle(at: rate)
        return true
      }
    } catch {
      guard error.kind.tellsOfReset else { throw error }
      try await meetReset(error, rates)
      return false
    }
    try await console.setLinkSpeed(plan.console.speed)
    pace.isGivenUp = true
    let advice = plan.reset == nil ? ": switch it off and on" : ""
    let problem = "the console answers neither at \(Self.list(rates)) baud\(advice)"
    try await recover(SessionError(.noPrompt, problem), strandedAt: rates)
    countAnew()
    return false
  }

  private static func list(_ rates: [Int]) -> String { rates.map(String.init).joined(separator: " nor at ") }

  /// Meets a console that was lost and is at its prompt at the manifest's rate: it may never have left it, or has reset
  /// unheard, and then it is another unit until it has shown to be the same, and needs its setup.
  private func meetAtBase(_ found: Console.Sighting, expecting prompt: String?) async throws(SessionError) {
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
      throw SessionError(
        .stranded,
        "\(console.place): a change of the line rate has failed: the console answers neither at \(Self.list(rates)) "
          + "baud, and waits until it is reset; switch the unit off and on, then resume with a lower `speedUp` or with "
          + "`never`")
    }
  }

  /// Notes that the unit has fallen back to the manifest's rate, and returns whether it has.
  func noteFall() -> Bool {
    guard pace.takeFall() else { return false }
    console.counters.resets += 1
    countAnew()
    session.emit(.unitReset)
    session.emit(.speed(plan.console.speed))
    return true
  }
}
