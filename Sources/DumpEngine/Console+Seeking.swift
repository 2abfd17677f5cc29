import ConsoleDialect

/// Looking for a console that may be at another line rate.
extension Console {
  /// Seconds of silence that show that no prompt is coming.
  private static let answerTime = 0.4
  /// Seconds for which the manifest's rate is listened to when somebody speaks at another.
  private static let listeningTime = 0.3
  /// Characters that are enough to tell text.
  private static let longestListening = 512
  /// Characters after which what cannot be read is no answer.
  private static let longestAnswer = 4096
  /// Characters of text after which it is none: a line's buffers hold some of what was being printed.
  private static let longestText = 16 << 10
  /// A console says no more to what it cannot read; who says more speaks of its own accord.
  static let fewCharacters = 16

  /// What is heard at a rate.
  struct Sighting {
    /// What that amounts to.
    enum Kind {
      /// Nothing, or too little to make sense.
      case nothing
      /// Somebody speaks, at this rate or another.
      case speech
      /// The console, at its prompt.
      case prompt
    }

    /// In baud.
    let rate: Int
    var kind = Kind.nothing
    /// The characters, without those that only confirmed the prompt.
    var heard: [UInt8] = []
  }

  /// Looks for the console at some rates, in this order.
  ///
  /// Who is heard at another rate than the manifest's without being understood may have been switched on just now: it
  /// speaks at the manifest's, and waits for a few seconds only. So that one is listened to at once.
  ///
  /// - Parameter longest: characters of text after which what is heard is no answer.
  /// - Returns: the console at its prompt, or somebody's text at the manifest's rate, with the link at that rate;
  ///   absent where there is neither, with the link at the manifest's.
  func search(at rates: [Int], longest: Int = longestText) async throws(SessionError) -> Sighting? {
    for rate in rates {
      let sighting = try await sighting(at: rate, longest: longest)
      if isFound(sighting) { return sighting }
      if sighting.kind == .speech, rate != plan.speed, let speaker = try await speaker() { return speaker }
    }
    try await setLinkSpeed(plan.speed)
    return nil
  }

  private func isFound(_ sighting: Sighting) -> Bool {
    switch sighting.kind {
    case .nothing: false
    case .speech: sighting.rate == plan.speed && Heard(sighting.heard).isText
    case .prompt: true
    }
  }

  /// Who speaks at the manifest's rate; absent where that is nobody, or not to be read there either: then some command
  /// is running at another rate, and is stopped when its rate is tried.
  private func speaker() async throws(SessionError) -> Sighting? {
    try await setLinkSpeed(plan.speed)
    try await discard()
    let words = try await answer(within: Self.listeningTime, longest: Self.longestListening)
    guard words.bytes.count <= Self.fewCharacters else {
      return words.isText ? Sighting(rate: plan.speed, kind: .speech, heard: words.bytes) : nil
    }
    try await answerUnheard()
    var sighting = try await sighting(at: plan.speed)
    sighting.heard = words.bytes + sighting.heard
    return isFound(sighting) ? sighting : nil
  }

  /// What is heard at a rate when the prompt is asked for; nothing is at a rate that the adapter cannot make.
  func sighting(at rate: Int, longest: Int = longestText) async throws(SessionError) -> Sighting {
    do {
      return try await look(at: rate, longest: longest)
    } catch {
      guard error.isRecoverable || error.kind == .refused else { throw error }
      return Sighting(rate: rate)
    }
  }

  /// Asks what is there for its prompt, twice; what does not answer may be waiting for the confirmation of a change.
  ///
  /// The confirmation comes second: at a prompt it might run something.
  private func look(at rate: Int, longest: Int) async throws(SessionError) -> Sighting {
    try await setLinkSpeed(rate)
    // What cannot be read here is why it is looked for elsewhere.
    legibility = nil
    try await discard()
    let first = try await answer(after: nudge(), longest: longest)
    var sighting = Sighting(rate: rate, heard: first.bytes)
    var isPrompt = try await isRepeated(first.candidate)
    if !isPrompt, first.bytes.count <= Self.fewCharacters, let confirm = dialect.speedChange?.confirm, !confirm.isEmpty
    {
      try await send(confirm)
      let second = try await answer()
      sighting.heard += second.bytes
      isPrompt = try await isRepeated(second.candidate)
    }
    sighting.kind = isPrompt ? .prompt : sighting.heard.count > Self.fewCharacters ? .speech : .nothing
    if isPrompt { watchLegibility() }
    return sighting
  }

  /// Whether what looks like a prompt is printed again when it is asked for; it is learned then.
  private func isRepeated(_ candidate: String?) async throws(SessionError) -> Bool {
    guard let candidate, try await answer(after: nudge()).candidate == candidate else { return false }
    prompt = PromptMatcher(rule: dialect.prompt)
    prompt.learn(candidate)
    return true
  }

  // MARK: Answers

  /// What came after something was sent.
  struct ShortAnswer {
    var bytes: [UInt8] { heard.bytes }
    /// Whether it can be read.
    var isText: Bool { heard.isText }
    /// What stands at its end and looks like a prompt.
    fileprivate(set) var candidate: String?
    /// Whether that is the prompt that is known.
    fileprivate(set) var isPrompt = false
    fileprivate var heard = Heard()
  }

  /// Takes what comes until it is the known prompt, or nothing more comes, or too much did.
  ///
  /// - Parameters:
  ///   - early: what has come already.
  ///   - limit: seconds of silence that end it.
  ///   - longest: characters of text that are too much.
  ///   - heedsResets: whether a line that only a starting unit prints is an error.
  func answer(
    after early: [UInt8] = [], within limit: Double = answerTime, longest: Int = longestText, heedsResets: Bool = false
  ) async throws(SessionError) -> ShortAnswer {
    var lines = LineBuffer()
    var answer = ShortAnswer()
    var next: [UInt8]? = early
    let deadline = deadline(characters: longest, limit)
    while let bytes = next, .now < deadline {
      answer.heard.take(bytes)
      for line in lines.append(bytes) where heedsResets { try heed(ConsoleText.plain(line)) }
      answer.isPrompt = prompt.isReady && prompt.isPrompt(tail: lines.tail)
      if answer.isPrompt || answer.bytes.count > (answer.isText ? longest : Self.longestAnswer) { break }
      next = try await receive(within: limit)
    }
    // Of garbage some looks like a prompt by chance, but hardly any is plain text.
    let isText = lines.tail.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x1B || $0 == 0x0D }
    answer.candidate = isText ? prompt.candidate(in: lines.tail) : nil
    return answer
  }
}

/// Characters, and whether they are a text.
private struct Heard {
  /// Fewer different ones are no text: what echoes garbage says the same again and again.
  private static let fewestKinds = 8

  private(set) var bytes: [UInt8] = []
  private var kinds: Set<UInt8> = []
  private var unreadable = 0

  init(_ bytes: [UInt8] = []) { take(bytes) }

  /// Whether it can be read: of what a line at another rate makes of a text more than a half cannot.
  var isText: Bool { kinds.count >= Self.fewestKinds && unreadable * 4 <= bytes.count }

  mutating func take(_ more: [UInt8]) {
    bytes += more
    kinds.formUnion(more)
    unreadable += more.count { $0.isUnreadable }
  }
}
