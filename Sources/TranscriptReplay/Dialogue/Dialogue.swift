import ConsoleDialect
import DumpManifest

/// Follows what was sent in a transcript, and tells which command was entered when.
struct Dialogue {
  private static let longestLine = 4096
  /// How much may be sent in answer to a command's questions.
  private static let longestAnswers = 256

  private let commands: CommandReader
  /// What is typed and not entered.
  private var typed: [UInt8] = []
  /// Where in it something was sent after the unit had said something.
  private var starts: [Int] = []
  /// A command that asks questions, the methods it may be of, and what was answered.
  private var asked: (line: String, methods: [ReadMethod], answers: [UInt8])?
  private var lastSent = false

  init(_ plan: SlotPlan) { commands = CommandReader(plan) }

  /// Takes a record and tells a listener what it means.
  mutating func take(_ record: TranscriptRecord, _ listener: inout some DialogueListener) {
    switch record.kind {
    case .received:
      lastSent = false
      listener.received(record.bytes)
    case .sent:
      if !lastSent, !typed.isEmpty { starts.append(typed.count) }
      lastSent = true
      take(sent: record.bytes, &listener)
    case .session, .gap, .ended:
      forget()
      asked = nil
      listener.breakOff()
    }
  }

  private mutating func take(sent bytes: [UInt8], _ listener: inout some DialogueListener) {
    if asked != nil {
      asked?.answers += bytes
      answer(&listener)
    }
    for byte in bytes {
      switch byte {
      case 0x0D, 0x0A: enter(&listener)
      case 0x08, 0x7F:
        _ = typed.popLast()
        while let last = starts.last, last >= typed.count { starts.removeLast() }
      // ctrl-C, ctrl-U, escape: whatever was typed is gone, or was no line.
      case ..<0x20: forget()
      default: if typed.count < Self.longestLine { typed.append(byte) }
      }
    }
  }

  private mutating func forget() {
    typed.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
  }

  private mutating func enter(_ listener: inout some DialogueListener) {
    defer { forget() }
    guard !typed.isEmpty else { return }
    // A key that answered a pager or stopped an autoboot is no part of the line: the line may begin at any turn.
    for start in ([0] + starts).prefix(8) {
      let line = String(decoding: typed[start...], as: UTF8.self)
      let command = commands.command(line)
      if case .other = command {
        let methods = commands.asking(line)
        if methods.isEmpty { continue }
        asked = (line, methods, [])
        return listener.begin(.other)
      }
      asked = nil
      return listener.begin(command)
    }
    // What is entered while a command asks is an answer, which was looked at already.
    if asked == nil { listener.begin(.other) }
  }

  private mutating func answer(_ listener: inout some DialogueListener) {
    guard let asked else { return }
    let answers = String(decoding: asked.answers, as: UTF8.self)
    for method in asked.methods {
      guard let range = method.request(command: asked.line, answers: answers) else { continue }
      self.asked = nil
      forget()
      return listener.begin(.read(method, range))
    }
    if asked.answers.count > Self.longestAnswers { self.asked = nil }
  }
}
