import ConsoleDialect
import PositionedDocument

/// Makes a slot's console of what the slot and the manifest say.
struct ConsoleRule {
  /// Rates that a person may mean, in baud; drivers refuse what they cannot make.
  static let speeds = 1...4_000_000
  static let defaultReadLength = 64 << 10
  private static let longestRead = 16 << 20
  private static let defaultWakeTimeout = 60.0
  private static let defaultReplyTimeout = 5.0
  private static let longestTimeout = 86_400.0
  private static let repetitions = 0.01...600.0

  let layers: Layers<ConsoleEntry>
  let findings: Findings

  /// The console; nil where a part of it is missing or refused.
  func console(_ shelf: DialectShelf) -> ConsolePlan? {
    guard let name = layers.value("dialect", \.dialect) else {
      let isWritten = layers.own != nil || layers.common == nil
      let known = Dialect.builtInNames.joined(separator: ", ")
      let path = isWritten ? layers.ownPath : layers.commonPath
      findings.add(path, "no dialect is named; add `\"dialect\": \"…\"` to `console`; known: \(known)")
      return nil
    }
    guard var dialect = shelf.dialect(name, findings) else { return nil }
    let timeouts = layers.inner("timeouts", \.timeouts)
    let method = method(of: dialect)
    let readLength = readLength(method, dialect)
    applyPrompt(to: &dialect)
    let login = login()
    let autoboot = autoboot(dialect)
    dialect.wake.autoboot = autoboot + dialect.wake.autoboot
    return ConsolePlan(
      dialect: dialect, autoboot: autoboot, speed: speed(dialect), format: format(), login: login, method: method?.name,
      byteOrder: layers.value("byteOrder", \.byteOrder)?.value, readLength: readLength,
      wakeTimeout: seconds(timeouts.value("wake", \.wake), default: Self.defaultWakeTimeout),
      replyTimeout: seconds(timeouts.value("reply", \.reply), default: Self.defaultReplyTimeout))
  }

  private func speed(_ dialect: Dialect) -> Int {
    guard let speed = layers.value("speed", \.speed) else { return dialect.speed }
    if !Self.speeds.contains(speed.value) {
      findings.add(speed.path, "expected a line rate from 1 to \(Self.speeds.upperBound) baud, found \(speed.value)")
    }
    return speed.value
  }

  private func format() -> LineFormat {
    guard let text = layers.value("format", \.format) else { return .usual }
    if let format = LineFormat(text.value) { return format }
    findings.add(
      text.path,
      "expected data bits (5 to 8), parity (N, E or O) and stop bits (1 or 2) as in `8N1`, "
        + "found \"\(visible(text.value))\"")
    return .usual
  }

  private func method(of dialect: Dialect) -> ReadMethod? {
    guard let name = layers.value("method", \.method) else { return nil }
    if let method = dialect.reads.first(where: { $0.name == name.value }) { return method }
    let list = Suggestion.list(for: name.value, among: dialect.reads.map(\.name))
    findings.add(name.path, "dialect `\(dialect.name)` has no method `\(visible(name.value))`; \(list)")
    return nil
  }

  private func readLength(_ method: ReadMethod?, _ dialect: Dialect) -> Int {
    guard let length = layers.value("readLength", \.readLength) else { return Self.defaultReadLength }
    guard (1...UInt64(Self.longestRead)).contains(length.value.value) else {
      findings.add(
        length.path, "expected a length from 1 to \(Self.longestRead) bytes (16 MiB), found \(length.value.value)")
      return Self.defaultReadLength
    }
    let bytes = Int(length.value.value)
    for method in method.map({ [$0] }) ?? dialect.reads where method.fixedLength == nil {
      if bytes % method.align != 0 {
        findings.add(
          length.path, "\(bytes) is not a multiple of \(method.align) bytes, which the method `\(method.name)` reads in"
        )
        break
      }
    }
    if let method, let most = method.maxLength, bytes > most {
      findings.add(length.path, "\(bytes) is more than the \(most) bytes that one `\(method.name)` can print")
    }
    return bytes
  }

  private func applyPrompt(to dialect: inout Dialect) {
    guard let prompt = layers.value("prompt", \.prompt) else { return }
    dialect.prompt.pattern = prompt.value
  }

  private func seconds(_ time: Sourced<Double>?, default standard: Double) -> Double {
    guard let time else { return standard }
    if !(time.value > 0 && time.value <= Self.longestTimeout) {
      findings.add(time.path, "expected more than 0 and at most 86400 seconds, found \(time.value.plain)")
    }
    return time.value
  }

  // MARK: Answers

  private func autoboot(_ dialect: Dialect) -> [Answer] {
    guard let rules = layers.value("autoboot", \.autoboot) else { return [] }
    return rules.value.enumerated().map { index, rule in
      let path = rules.path.index(index)
      check(send: rule.send, at: path)
      if let every = rule.every, !Self.repetitions.contains(every) {
        findings.add(path.key("every"), "expected 0.01 to 600 seconds, found \(every.plain)")
      }
      if rule.every != nil { checkForbidden(rule.send, dialect, at: path.key("send")) }
      return Answer(when: rule.when, send: rule.send, every: rule.every)
    }
  }

  private func login() -> [Answer] {
    guard let rules = layers.value("login", \.login) else { return [] }
    return rules.value.enumerated().map { index, rule in
      check(send: rule.send, at: rules.path.index(index))
      return Answer(when: rule.when, send: rule.send)
    }
  }

  private func check(send: String, at path: DocumentPath) {
    if send.isEmpty { findings.add(path.key("send"), "an answer must send something; a line ends with \\r") }
  }

  /// A key that is repeated may still be sent when the prompt is there already.
  private func checkForbidden(_ keys: String, _ dialect: Dialect, at path: DocumentPath) {
    let forbidden = dialect.wake.forbidden.unicodeScalars
    guard let key = keys.unicodeScalars.first(where: forbidden.contains) else { return }
    findings.add(
      path,
      "sends \(visible(String(key))) again and again, which dialect `\(dialect.name)` forbids at its prompt; "
        + "leave out `every` to send it once")
  }
}
