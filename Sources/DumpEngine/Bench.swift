import ConsoleDialect
import DumpManifest
import Foundation

/// A console that is brought back to its prompt whenever it is lost, with the certainty that the same unit answers.
///
/// Region dumps work on it: they read and ask digests, and what is recoverable is recovered here.
final class Bench {
  /// How long a console must have been silent for another unit to be at it without having been heard to start: so long
  /// it takes to plug a cable over.
  private static let exchangeTime = Duration.seconds(3)
  /// How often a setup command is repeated that the unit says it does not know.
  private static let setupAttempts = 2

  let session: Session
  let console: Console
  /// Facts about the unit, read at arrival.
  private(set) var identity: [IdentityFact] = []
  /// How this console reads; learned with the first region.
  private(set) var reader: Reader? {
    didSet {
      let length = 4096
      let characters = reader?.method.characters(length: length, addressDigits: 8)
      charactersPerByte = Double(characters ?? 4 * length) / Double(length)
    }
  }
  /// Of a dump. Kept, for it is asked for whenever something has come.
  private var charactersPerByte = 4.0
  /// Counts how often RAM and everything else in the unit may have been lost.
  private(set) var generation = 0
  /// How often a unit came back that nothing showed to be the same.
  private(set) var uncheckedReturns = 0
  /// Whether something shows that it is the same unit as before this session.
  var isUnitKnown: Bool { !identity.isEmpty && uncheckedReturns == 0 }
  /// How often the unit was reset by force.
  var resets = 0
  /// What speaks against the first of the reader's digests.
  var trust = DigestTrust()
  /// How often asking for halves has paid: looking for constant fills, and for what is similar.
  var gains = (fills: SplitGains(guess: 0.02), similar: SplitGains(guess: 0.5))
  /// How fast the console is spoken to.
  var pace: Pace
  private var isPrepared = false

  var plan: SlotPlan { session.plan }

  init(session: Session, console: Console) {
    self.session = session
    self.console = console
    pace = Pace(console.dialect, base: session.plan.console.speed)
  }

  /// What reports say of the console.
  var learned: LearnedConsole? {
    guard let reader else { return nil }
    return LearnedConsole(
      prompt: console.promptText, method: reader.method.name, byteOrder: reader.byteOrder,
      digests: reader.digests.map(\.algorithm), lineLimit: console.lineLimit, speed: console.link.speed)
  }

  /// Characters that the line carries in a second.
  var charactersPerSecond: Double { Double(console.link.speed) / 10 }

  /// Seconds in which the line carries a byte of a dump.
  var secondsPerByte: Double { charactersPerByte / charactersPerSecond }

  /// Gets to the prompt and reads who the unit is.
  func arrive() async throws(SessionError) {
    session.emit(.waking)
    let printed = plan.reset?.moment == .start ? try await wakeByReset() : try await wake()
    pace.hasArrived = true
    session.emit(.prompt(console.promptText))
    identity = try await persistently { () async throws(SessionError) in try await self.identify(printed) }
    session.emit(.identified(identity))
  }

  /// Runs the manifest's setup commands, after arrival and after each recovery. A reply that tells of a failure ends
  /// the session.
  func prepare() async throws(SessionError) {
    for command in plan.setup {
      var reply = try await console.run(command)
      // A command that was hit on its way is another one.
      for _ in 0..<Self.setupAttempts where reply.failure?.meaning == .unknownCommand {
        reply = try await console.run(command)
      }
      if let failure = reply.failure {
        throw SessionError(
          .refused,
          "\(console.place): setup command `\(command)` failed: `\(failure.line)`; correct `setup` in the manifest")
      }
    }
    isPrepared = true
  }

  /// Reads the identity again and refuses another unit.
  func assertSameUnit() async throws(SessionError) {
    let facts = try await persistently { () async throws(SessionError) in try await self.identify([]) }
    try compare(facts)
  }

  /// Learns how to read, once, at a range that is going to be read.
  func learn(at range: Range<UInt64>) async throws(SessionError) -> Reader {
    if let reader { return reader }
    let found = try await persistently { () async throws(SessionError) in
      try await self.console.learnReader(range)
    }
    var reader = found
    if plan.policy.verify == .auto || plan.policy.verify == .digest {
      let learned = try await persistently { () async throws(SessionError) in
        try await self.console.learnDigests(found, in: range) { self.session.emit(.trouble($0)) }
      }
      reader.digests = learned
    }
    if plan.policy.verify == .digest && reader.digests.isEmpty {
      let known = console.dialect.digests.map(\.algorithm.rawValue).joined(separator: ", ")
      throw SessionError(
        .noDigest,
        "\(console.place): the policy is `verify: digest`, and none of the unit's digests (\(known)) works; "
          + "choose `auto` or `reread`")
    }
    let needed = charactersAsked(of: reader.digests, at: range.lowerBound)
    if needed > 0 {
      try await persistently { () async throws(SessionError) in try await self.console.learnLineLimit(upTo: needed) }
    }
    self.reader = reader
    if let learned { session.emit(.learned(learned)) }
    return reader
  }

  /// How long a line would be that asks for the digests of all blocks that are looked at before they are read.
  private func charactersAsked(of digests: [DigestMethod], at address: UInt64) -> Int {
    guard let digest = digests.first, let separator = console.dialect.separator else { return 0 }
    let length = plan.console.readLength
    let swept = plan.regions.filter { ($0.reuse ?? plan.policy.reuse) != .never }
    let blocks = swept.reduce(0) { $0 + ($1.size + length - 1) / length }
    return blocks * (digest.command(address: address, length: length).utf8.count + separator.utf8.count)
  }

  /// Gives up one of the unit's digests, so that the next is asked for from now on, if there is one.
  ///
  /// - Parameter reason: what is wrong with it, as the end of a sentence that begins with its name.
  /// - Throws: `noDigest` where none is left and the policy wants one.
  func distrust(_ method: DigestMethod, because reason: String) throws(SessionError) {
    guard let place = reader?.digests.firstIndex(of: method) else { return }
    reader?.digests.remove(at: place)
    trust = DigestTrust()
    console.digestPace = nil
    let name = method.algorithm.rawValue
    let next = reader?.digests.first?.algorithm.rawValue
    if next == nil, plan.policy.verify == .digest {
      throw SessionError(
        .noDigest,
        "\(console.place): the policy is `verify: digest`, and no digest of the unit's is left that can be used: its "
          + "\(name) was right over a few bytes, but \(reason); choose `auto` or `reread`")
    }
    let way = next.map { "asking for its \($0) instead" } ?? "reading everything twice instead"
    session.emit(.trouble("the unit's \(name) is not used any more: \(reason); \(way)"))
  }

  /// Runs a step again after the console was brought back, as often as the policy allows; at lower rates too where it is
  /// noise that makes it fail.
  func persistently<T>(_ step: () async throws(SessionError) -> T) async throws(SessionError) -> T {
    var failures = 0
    while true {
      do {
        return try await step()
      } catch {
        failures += 1
        let isOver = failures > plan.policy.retries
        guard error.isRecoverable, !isOver || isNoisy else { throw error }
        try await recover(from: error)
        guard isOver else { continue }
        guard try await slowDown() else { throw error }
        failures = 0
      }
    }
  }

  /// Brings the console back to its prompt, makes sure that the unit is the same, and prepares it anew.
  func recover(from error: SessionError) async throws(SessionError) {
    try await recover(from: error, expecting: console.prompt.learned, mayHaveReset: error.kind == .reset)
  }

  /// The same, for a console at which another prompt may have been seen already.
  ///
  /// - Parameter mayHaveReset: whether RAM may be lost without a line that tells of it.
  func recover(
    from error: SessionError, expecting prompt: String?, mayHaveReset: Bool
  ) async throws(SessionError) {
    guard error.isRecoverable else { throw error }
    console.counters.recoveries += 1
    session.emit(error.kind == .reset ? .unitReset : .trouble(error.message))
    console.longestSilence = .zero
    var failures = 0
    while true {
      do {
        let printed = try await wake()
        generation += 1
        let hasFallen = noteFall()
        try assertSamePrompt(prompt)
        let facts = try await identify(printed)
        try compare(facts)
        let isKnown = facts.contains { fact in identity.contains { $0.name == fact.name } }
        let hasStarted = mayHaveReset || hasFallen || failures > 0 || printed.contains(where: console.isStart)
        if !isKnown, hasStarted || console.longestSilence >= Self.exchangeTime { uncheckedReturns += 1 }
        if isPrepared { try await prepare() }
        return
      } catch {
        // A unit that resets while it is being brought back gets another chance; a console that is gone does not.
        failures += 1
        guard error.isRecoverable, !error.kind.isWithoutPrompt, failures <= plan.policy.retries else { throw error }
      }
    }
  }

  /// A console that comes back with another prompt is another program's (a booted system's shell), and commands meant
  /// for the boot loader must not reach it.
  private func assertSamePrompt(_ before: String?) throws(SessionError) {
    guard console.dialect.prompt.learn, let before, let now = console.prompt.learned, now != before else { return }
    throw SessionError(
      .noPrompt,
      "\(console.place): came back with the prompt `\(now)`, expected `\(before)`: has the unit booted? Reset it and "
        + "run again")
  }

  /// Reads the manifest's facts about the unit.
  private func identify(_ printed: [String]) async throws(SessionError) -> [IdentityFact] {
    var facts: [IdentityFact] = []
    for rule in plan.identity {
      let (value, lines) = try await look(for: rule, printed)
      if let value {
        facts.append(IdentityFact(name: rule.name, value: value))
      } else if rule.required && (rule.command != nil || identity.isEmpty) {
        let source = rule.command.map { "`\($0)` printed" } ?? "the boot text was"
        throw SessionError(
          .identity,
          "\(console.place): no \(rule.name) of the unit: expected a line that matches `\(rule.pattern.text)`, "
            + "\(source) `\(lines.suffix(3).joined(separator: " / "))`; correct the rule, or say `required: false`")
      }
    }
    return facts
  }

  /// What a rule finds, and where it looked. One hit bit would make another unit of it: a command is asked until two
  /// answers in a row agree.
  private func look(
    for rule: IdentityRule, _ printed: [String]
  ) async throws(SessionError) -> (value: String?, lines: [String]) {
    func value(in lines: [String]) -> String? {
      lines.lazy.compactMap { rule.pattern.capture($0) }.first { !$0.isEmpty }
    }
    guard let command = rule.command else { return (value(in: printed), printed) }
    var lines = try await console.run(command).lines
    for _ in 0...plan.policy.retries {
      let again = try await console.run(command).lines
      defer { lines = again }
      // Two answers without the fact agree only where they are the same: two hit ones are not.
      if let found = value(in: again), found == value(in: lines) { return (found, again) }
      if again == lines { return (nil, again) }
    }
    throw SessionError(
      .identity,
      "\(console.place): no two readings of the unit's \(rule.name) agree: the last that `\(command)` printed is "
        + "`\(lines.suffix(3).joined(separator: " / "))`; check the cable")
  }

  /// Refuses another unit. A fact from the boot text is there only when the unit has just booted, so only facts that
  /// both readings have are compared.
  private func compare(_ now: [IdentityFact]) throws(SessionError) {
    for fact in now {
      guard let before = identity.first(where: { $0.name == fact.name }), before != fact else { continue }
      throw SessionError(
        .otherUnit,
        "\(console.place): another unit answers: its \(fact.name) is \(fact.value), expected \(before.value); "
          + "the image of \(before.value) is left as it was")
    }
  }
}
