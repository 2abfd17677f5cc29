extension Dialect {
  /// Checks that the table makes sense as a whole: names, rates, placeholders, forbidden keys, and that each layout
  /// reads back the lines that it describes. Decoding does this; call it after changing a table by hand.
  ///
  /// - Throws: ``DialectError`` with the place and what is allowed there.
  public func validate() throws(DialectError) {
    let isName = (1...40).contains(name.utf8.count) && name.utf8.allSatisfy(Self.nameCharacters.contains)
    try require(
      isName, "name",
      else: "\(ConsoleText.visible(Array(name.utf8))) is no name: lower-case letters, digits and dashes, up to 40")
    try require((1...4_000_000).contains(speed), "speed", else: "\(speed) is no line rate in baud")
    try require(["\r", "\n", "\r\n"].contains(enter), "enter", else: "a command line ends with \\r, \\n or \\r\\n")
    try require((16...65536).contains(lineLimit), "lineLimit", else: "\(lineLimit) is not between 16 and 65536")
    try require((0...65536).contains(typeAhead), "typeAhead", else: "\(typeAhead) is not between 0 and 65536")
    try require(separator != "", "separator", else: "an empty text joins nothing; leave it out instead")
    do { try wake.validate() } catch { throw error.below("wake") }
    try validateReads()
    try validateDigests()
    if let comparison {
      do { try comparison.validate(lineLimit: lineLimit) } catch { throw error.below("comparison") }
    }
    try validateAnswers()
    if let speedChange {
      do { try speedChange.validate() } catch { throw error.below("speedChange") }
    }
    if let footer {
      let isPower = footer.flashBlock > 0 && footer.flashBlock.nonzeroBitCount == 1
      try require(
        isPower && footer.flashBlock >= 256, "footer", "flashBlock",
        else: "\(footer.flashBlock) is no power of two from 256")
    }
  }

  private static let nameCharacters = Set("abcdefghijklmnopqrstuvwxyz0123456789-".utf8)

  private func validateReads() throws(DialectError) {
    try require(!reads.isEmpty, "reads", else: "a console without a command that prints memory cannot be dumped")
    var names: Set<String> = []
    for (index, method) in reads.enumerated() {
      let isNew = names.insert(method.name).inserted
      try require(isNew, "reads", "\(index)", "name", else: "there are two methods named \"\(method.name)\"")
      do {
        try method.validate(lineLimit: lineLimit)
      } catch {
        throw error.below("reads", "\(index)")
      }
    }
  }

  private func validateDigests() throws(DialectError) {
    for (index, method) in digests.enumerated() {
      do {
        try method.validate(lineLimit: lineLimit)
      } catch {
        throw error.below("digests", "\(index)")
      }
    }
  }

  private func validateAnswers() throws(DialectError) {
    for (index, answer) in answers.enumerated() {
      do {
        try answer.validate()
      } catch {
        throw error.below("answers", "\(index)")
      }
    }
  }
}

extension WakeRule {
  func validate() throws(DialectError) {
    try require(
      !clear.isEmpty || !nudge.isEmpty, "clear", else: "clear and nudge are both empty: nothing would bring a prompt")
    try require((1...100).contains(clearRounds), "clearRounds", else: "\(clearRounds) is not between 1 and 100")
    try refuseForbidden(in: clear, at: ["clear"])
    try refuseForbidden(in: nudge, at: ["nudge"])
    for (index, answer) in autoboot.enumerated() {
      do {
        try answer.validate()
      } catch {
        throw error.below("autoboot", "\(index)")
      }
      if answer.every != nil { try refuseForbidden(in: answer.send, at: ["autoboot", "\(index)", "send"]) }
    }
  }

  private func refuseForbidden(in keys: String, at path: [String]) throws(DialectError) {
    guard let key = keys.unicodeScalars.first(where: forbidden.unicodeScalars.contains) else { return }
    let shown = ConsoleText.visible(Array(String(key).utf8))
    throw DialectError(path: path, message: "sends \(shown), which is forbidden at this console's prompt")
  }
}

extension Answer {
  func validate() throws(DialectError) {
    try require(!send.isEmpty, "send", else: "an answer must send something")
    try require(
      every.map { (0.01...600).contains($0) } ?? true, "every",
      else: "\(every ?? 0) is not between 0.01 and 600 seconds")
  }
}

extension SpeedChange {
  func validate() throws(DialectError) {
    do {
      try command.checked(allowing: ["speed"])
    } catch {
      throw DialectError(path: ["command"], message: error.description)
    }
    try require(command.placeholders == ["speed"], "command", else: "\(command) does not say {speed:d}")
    try require(!rates.isEmpty, "rates", else: "no rate is named")
    for (index, rate) in rates.enumerated() {
      try require((1...4_000_000).contains(rate), "rates", "\(index)", else: "\(rate) is no line rate in baud")
    }
  }
}
