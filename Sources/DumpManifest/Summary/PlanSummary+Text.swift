import ConsoleDialect
import PositionedDocument

extension PlanSummary: CustomStringConvertible {
  /// Plain text, a few lines for each slot.
  public var description: String {
    let count = slots.count == 1 ? "1 slot" : "\(slots.count) slots, \(parallel) at once"
    let total = "\(bytes.grouped) bytes in about \(seconds.duration)"
    return (["\(name): \(count), \(total)"] + groups).joined(separator: "\n\n") + "\n"
  }

  /// The slots' texts; slots at which the same is done share one.
  private var groups: [String] {
    var heads: [[String]] = []
    var bodies: [String] = []
    for slot in slots {
      let body = slot.body
      if let index = bodies.firstIndex(of: body) {
        heads[index].append(slot.head)
      } else {
        heads.append([slot.head])
        bodies.append(body)
      }
    }
    return zip(heads, bodies).map { ($0 + [$1]).joined(separator: "\n") }
  }
}

extension SlotSummary: CustomStringConvertible {
  /// Plain text, a few lines.
  public var description: String {
    head + "\n" + body
  }

  fileprivate var head: String { shown("\(name): \(endpoint), \(line), dialect \(dialect)") }

  fileprivate var body: String {
    var lines = labelled("wake", wake)
    lines += labelled("identity", identity)
    lines += labelled("setup", setup)
    lines += labelled("log", transcript.map { [$0] } ?? [])
    lines += labelled("method", [methods.joined(separator: ", or else ")])
    lines += regions.flatMap(\.lines)
    if regions.count > 1 {
      lines += labelled("in all", ["\(bytes.grouped) bytes, \(characters.grouped) characters, \(seconds.duration)"])
    }
    return lines.joined(separator: "\n")
  }
}

extension RegionSummary {
  fileprivate var lines: [String] {
    let head = shown("  region \(name): \(size.grouped) bytes at \(place), image \(file)")
    var lines = labelled("  stage", staging.map { [$0.description] } ?? [])
    lines += labelled("  read", [reads.description + secondReadText])
    if let digests {
      let others = digestAlgorithms.dropFirst()
      let choice = others.isEmpty ? "" : " (or else " + others.joined(separator: ", ") + ")"
      lines += labelled("  digest", [digests.description + choice])
    }
    lines += labelled("  takes", ["\(characters.grouped) characters, \(seconds.duration)"])
    return [head] + lines
  }

  private var secondReadText: String {
    switch secondRead {
    case .none: ""
    case .withoutFooter: "; again where no image footer certifies it"
    case .always: "; all of it twice"
    }
  }
}

extension CommandSeries: CustomStringConvertible {
  /// The first and the last command, and how many.
  public var description: String {
    switch count {
    case 1: "`\(last)`"
    case 2: "`\(first)`, `\(last)`"
    default: "`\(first)` … `\(last)`, \(count.grouped) commands"
    }
  }
}

/// A line of which nothing is hidden: a manifest's texts may hold what no terminal shows, or what moves its cursor.
private func shown(_ line: String) -> String { visible(line, limit: .max) }

/// Lines under a label, which stands before the first.
private func labelled(_ label: String, _ lines: [String]) -> [String] {
  lines.enumerated().map { index, line in
    let head = "  " + (index == 0 ? label : "")
    return head + String(repeating: " ", count: max(1, 12 - head.count)) + shown(line)
  }
}

extension Int {
  /// With a comma after every three digits.
  fileprivate var grouped: String {
    var text = ""
    for (index, digit) in String(self).reversed().enumerated() {
      if index > 0, index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }
}

extension Double {
  /// Seconds as a person says them: `42 s`, `4 min 56 s`, `3 h 12 min`.
  fileprivate var duration: String {
    let seconds = Int(rounded(.up))
    if seconds < 60 { return "\(seconds) s" }
    if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
    return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
  }
}
