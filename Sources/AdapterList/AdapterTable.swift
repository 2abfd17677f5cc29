import DumpReport
import SlotProgress

/// A survey as a table for people: one line an adapter, under it what to do where it cannot be used.
public struct AdapterTable: Sendable {
  /// Columns of the terminal; absent where nothing is to be cut.
  private let width: Int?
  private let survey: AdapterSurvey

  /// A table of a survey. `width` is that of the terminal; without one, nothing is cut.
  public init(_ survey: AdapterSurvey, width: Int? = nil) {
    self.survey = survey
    self.width = width
  }

  /// The text; its last line has no line end.
  public var text: String {
    let notes = survey.notes.flatMap { folded($0, indent: 0) }
    let lines = survey.rows.isEmpty ? [NoAdapters.text] : table
    return (lines + (notes.isEmpty ? [] : [""] + notes)).joined(separator: "\n")
  }

  private var table: [String] {
    let hasSlots = survey.slots != nil
    let unsettled = Set((survey.slots ?? []).filter { $0.problem != nil }.map(\.name))
    let lines =
      [AdapterColumns.heading(hasSlots)]
      + survey.rows.map { AdapterColumns.cells(of: $0, hasSlots, unsettled: unsettled) }
    let columns = AdapterColumns(fitting: lines, into: width)
    var told: Set<String> = []
    return [columns.line(lines[0])]
      + zip(survey.rows, lines.dropFirst()).flatMap { row, cells in
        // One cause often stops a whole bench: it is told once.
        guard let problem = row.state?.problem, told.insert(problem).inserted else { return [columns.line(cells)] }
        return [columns.line(cells)] + folded(problem, indent: 4)
      }
  }

  /// A sentence in lines that fit, broken between words and set in; what follows the first line at least by four.
  private func folded(_ sentence: String, indent: Int) -> [String] {
    let words = SafeText(sentence, limit: 2000).description.split(separator: " ")
    var lines: [String] = []
    for word in words {
      if let last = lines.last, width.map({ DisplayText.width("\(last) \(word)") <= $0 }) ?? true {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(repeating: " ", count: lines.isEmpty ? indent : max(4, indent)) + word)
      }
    }
    return lines
  }
}

extension AdapterSurvey {
  /// What stands below the table: slots that have no adapter of their own, and warnings.
  fileprivate var notes: [String] {
    (slots ?? []).compactMap { slot in slot.problem.map { "slot \(slot.name): \($0)" } } + warnings
  }
}
