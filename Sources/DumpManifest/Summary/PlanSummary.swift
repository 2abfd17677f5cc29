import ConsoleDialect

/// What a plan would send to whom, how much would come back, and how long that would take: for people to read before
/// anything is sent.
///
/// What a console can do is known only at the console. Where the plan leaves a choice, the summary counts with the
/// first that the dialect names, and says so.
public struct PlanSummary: Sendable, Equatable {
  /// The batch's name.
  public var name: String
  /// How many slots run at once.
  public var parallel: Int
  /// One for each slot, in the plan's order.
  public var slots: [SlotSummary]

  /// A summary of `plan`.
  public init(_ plan: BatchPlan) {
    name = plan.name
    parallel = min(plan.maxParallel ?? plan.slots.count, plan.slots.count)
    slots = plan.slots.map(SlotSummary.init)
  }

  /// Bytes of all images.
  public var bytes: Int { slots.reduce(0) { $0 + $1.bytes } }

  /// Seconds until the last slot is done, as far as lines set the pace: slots are started in order as others end.
  public var seconds: Double {
    var ends = Array(repeating: 0.0, count: max(1, parallel))
    for slot in slots {
      guard let first = ends.indices.min(by: { ends[$0] < ends[$1] }) else { continue }
      ends[first] += slot.seconds
    }
    return ends.max() ?? 0
  }
}

/// What would be sent at one slot.
public struct SlotSummary: Sendable, Equatable {
  /// The slot's name.
  public var name: String
  /// Where its console is.
  public var endpoint: String
  /// The dialect's name.
  public var dialect: String
  /// Line rate in baud, framing, and the rate that it may be raised to.
  public var line: String
  /// What may be sent to get to a prompt: keys made visible, and when.
  public var wake: [String]
  /// Commands sent once, in order.
  public var setup: [String]
  /// Facts read to know the unit by, each with its command.
  public var identity: [String]
  /// Methods that would be tried, in order; the first that the console has is used.
  public var methods: [String]
  /// How much of the dialogue is kept; absent where the manifest does not say.
  public var transcript: String?
  /// One for each region, in order.
  public var regions: [RegionSummary]

  /// A summary of `slot`.
  public init(_ slot: SlotPlan) {
    let console = slot.console
    name = slot.name
    endpoint = slot.endpoint.description
    dialect = console.dialect.name
    line = "\(console.speed) \(console.format)" + (slot.policy.speedUp.limit.map { " (up to \($0))" } ?? "")
    wake = Self.wake(console) + (slot.reset.map { [$0.text] } ?? [])
    setup = slot.setup
    identity = slot.identity.map { rule in
      let source = rule.command.map { "`\($0)`" } ?? "what the console prints while starting"
      return "\(rule.name): \(source)" + (rule.required ? "" : " (if it is there)")
    }
    methods = console.methods.map(\.name)
    transcript = Self.transcript(slot.policy)
    regions = slot.regions.map { RegionSummary($0, console: console, policy: slot.policy) }
  }

  /// Bytes of all images.
  public var bytes: Int { regions.reduce(0) { $0 + $1.size } }
  /// Characters that the console prints for them.
  public var characters: Int { regions.reduce(0) { $0 + $1.characters } }
  /// Seconds that these take on the line, at the rate that it starts with.
  public var seconds: Double { regions.reduce(0) { $0 + $1.seconds } }

  private static func transcript(_ policy: DumpPolicy) -> String? {
    guard policy.transcript != DumpPolicy.defaultTranscript else { return nil }
    return policy.transcript == 0 ? "none" : "up to \(UInt64(policy.transcript).size) of disk"
  }

  private static func wake(_ console: ConsolePlan) -> [String] {
    let rule = console.dialect.wake
    var lines: [String] = []
    if !rule.clear.isEmpty {
      lines.append(
        "\(keys(rule.clear)) to clear the line" + (rule.clearRounds > 1 ? ", \(rule.clearRounds) times" : ""))
    }
    if !rule.nudge.isEmpty { lines.append("\(keys(rule.nudge)) for a prompt") }
    for answer in rule.autoboot {
      let every = answer.every.map { ", every \($0.plain) s" } ?? ", once"
      lines.append("\(keys(answer.send)) at `\(answer.when)`\(every)")
    }
    for answer in console.login { lines.append("\(keys(answer.send)) at `\(answer.when)`") }
    return lines
  }

  private static func keys(_ text: String) -> String { "\"" + ConsoleText.visible(Array(text.utf8)) + "\"" }
}

extension ConsolePlan {
  /// The methods that may be used, the cheapest first.
  var methods: [ReadMethod] {
    guard let method else { return dialect.reads }
    return dialect.reads.filter { $0.name == method }
  }
}

extension ResetPlan {
  /// What is done, and when.
  fileprivate var text: String {
    let moment = moment == .start ? "at the start" : "when no prompt comes"
    switch means {
    case .command(let program): return "`\(program.joined(separator: " "))` is run \(moment)"
    case .lines(let steps): return "\(steps.map(\.text).joined(separator: ", ")) \(moment)"
    }
  }
}

extension ResetPlan.LineStep {
  fileprivate var text: String {
    let lines = [("DTR", dtr), ("RTS", rts)].compactMap { name, state in state.map { "\(name) \($0 ? "on" : "off")" } }
    let parts = lines + (sendsBreak ? ["break"] : [])
    let hold = seconds > 0 ? " for \(seconds.plain) s" : ""
    return (parts.isEmpty ? "nothing" : parts.joined(separator: " and ")) + hold
  }
}

extension Endpoint: CustomStringConvertible {
  /// As a manifest writes it; match rules as `key=value`.
  public var description: String {
    switch self {
    case .tty(let path): path
    case .tcp(let host, let port): "tcp://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    case .unix(let path): "unix:\(path)"
    case .adapter(let match):
      "adapter " + match.rules.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }
  }
}
