import DumpEngine
import DumpReport
import Foundation

/// The progress of a batch as plain lines with times, for files and pipes.
public struct ProgressLog: Sendable {
  /// Percent, and seconds, after which a region is worth another line.
  private static let step = (percent: 10, seconds: 30.0)

  private struct Mark {
    var time: Date
    var percent: Int
  }

  private var states: [String: SlotState] = [:]
  private var marks: [String: Mark] = [:]

  /// A log without lines.
  public init() {}

  /// The lines that an event is worth, without line ends: none for progress that is too small.
  public mutating func lines(for event: SessionEvent) -> [String] {
    states[event.slot, default: SlotState(slot: event.slot)].apply(event)
    return texts(for: event).map { Self.line($0, of: event) }
  }

  /// The line that tells what went wrong, where something did.
  static func troubleLine(of event: SessionEvent) -> String? { troubleText(of: event).map { line($0, of: event) } }

  private static func line(_ text: String, of event: SessionEvent) -> String {
    let time = event.time.formatted(Date.ISO8601FormatStyle(timeZone: .gmt))
    return "\(time) \(SafeText(event.slot, limit: 64)) \(SafeText(text, limit: 1000))"
  }

  private static func troubleText(of event: SessionEvent) -> String? {
    switch event.kind {
    case .trouble(let text): "trouble: \(text)"
    case .unitReset: "trouble: the unit has reset"
    default: nil
    }
  }

  private mutating func texts(for event: SessionEvent) -> [String] {
    switch event.kind {
    case .connecting(let link): ["opening \(link)"]
    case .waking: ["waiting for a prompt"]
    case .booting: ["the unit is starting"]
    case .noAdapter(let reason): ["waiting: \(reason)"]
    case .noUnit: ["no unit: waiting for one"]
    case .awaitingDeparture: ["done with the unit: waiting until it leaves"]
    case .unitLeft: ["the unit has left"]
    case .skipped(let known): [Self.text(skipped: known)]
    case .verifiedAgain: ["was dumped before: its digests are those of its images"]
    case .prompt(let prompt): ["at the prompt `\(prompt)`"]
    case .identified(let facts):
      [facts.isEmpty ? "no identity asked for" : "is \(facts.map { "\($0.name) \($0.value)" }.joined(separator: ", "))"]
    case .learned(let console): [Self.text(of: console)]
    case .speed(let rate): ["the line is at \(rate) baud"]
    case .regionStarted(let name, let size): begin(event, "reading \(name), \(size.grouped) bytes")
    case .progress, .proving: advance(event)
    case .trouble, .unitReset: Self.troubleText(of: event).map { [$0] } ?? []
    case .regionEnded(let region): [Self.text(of: region)]
    case .ended(let result): [ending(event.slot, result)]
    }
  }

  /// What is known of a unit from before is no outcome of a session that has read nothing.
  private func ending(_ slot: String, _ result: UnitResult) -> String {
    if case .known = states[slot]?.activity { return "ended: nothing was read into its images" }
    return Self.text(of: result)
  }

  private static func text(skipped known: UnitResult) -> String {
    "skipped: known as \(known.identity.first?.value ?? known.folder) from \(DisplayText.stamp(known.started)) in "
      + "\(known.folder), not compared (`again: verify` compares)"
  }

  private mutating func begin(_ event: SessionEvent, _ text: String) -> [String] {
    marks[event.slot] = Mark(time: event.time, percent: 0)
    return [text]
  }

  private mutating func advance(_ event: SessionEvent) -> [String] {
    guard case .dumping(let transfer) = states[event.slot]?.activity else { return [] }
    let mark = marks[event.slot] ?? Mark(time: event.time, percent: 0)
    // A second read begins at 0 again.
    let last = transfer.percent < mark.percent ? 0 : mark.percent
    let isFar = transfer.percent / Self.step.percent > last / Self.step.percent
    let isLong = event.time.timeIntervalSince(mark.time) >= Self.step.seconds
    marks[event.slot] =
      isFar || isLong ? Mark(time: event.time, percent: transfer.percent) : Mark(time: mark.time, percent: last)
    return isFar || isLong ? [Self.text(of: transfer)] : []
  }

  private static func text(of transfer: SlotState.Transfer) -> String {
    let rate = transfer.rate.perSecond.map { ", \(Int($0).grouped) B/s" } ?? ""
    let remaining = transfer.remaining.map { ", \(DisplayText.clock($0)) left" } ?? ""
    return "\(transfer.isProving ? "proving" : "reading") \(transfer.region): \(transfer.percent) %\(rate)\(remaining)"
  }

  private static func text(of console: LearnedConsole) -> String {
    let digests = console.digests.map(\.rawValue).joined(separator: ", ")
    return "reads with \(console.method), \(digests.isEmpty ? "no digest of its own" : "own digests \(digests)")"
  }

  private static func text(of region: RegionResult) -> String {
    guard region.isComplete else {
      let missing = region.missing.reduce(0) { $0 + $1.count }
      return "\(region.file) incomplete: \(missing.grouped) of \(region.size.grouped) bytes are missing"
    }
    let sha256 = region.sha256.map { ", sha256 \($0.prefix(12))…" } ?? ""
    let proof = region.isVerified ? "verified by \([region].evidenceWords)" : "not verified"
    let failed = region.checks.filter { !$0.passed }.map { "; \($0.message)" }.joined()
    return "\(region.file) complete\(sha256), \(proof)\(failed)"
  }

  private static func text(of result: UnitResult) -> String {
    let seconds = DisplayText.clock(result.ended.timeIntervalSince(result.started))
    let reasons = result.shortcomings.joined(separator: "; ")
    return "ended after \(seconds): \(result.standing.rawValue)\(reasons.isEmpty ? "" : ": \(reasons)")"
  }
}
