import DumpEngine
import DumpReport
import Foundation

/// All slots at a glance: one line each, from the events of their sessions. It knows no terminal and no clock but the
/// events' own.
public struct SlotBoard: Sendable {
  private var slots: [SlotState]
  private var indices: [String: Int]

  /// A board of slots that have no events yet, in the manifest's order.
  public init(slots names: [String]) {
    slots = names.map(SlotState.init)
    indices = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Takes what has happened. A slot that the board does not know yet gets a line at the end.
  public mutating func apply(_ event: SessionEvent) {
    if indices[event.slot] == nil {
      indices[event.slot] = slots.count
      slots.append(SlotState(slot: event.slot))
    }
    if let index = indices[event.slot] { slots[index].apply(event) }
  }

  /// The lines to show: none is wider than `width` columns, and there are at most `height`. Where there are more slots
  /// than that, those that are not done come first, then those that lack something; the last line counts the others.
  public func lines(width: Int, height: Int = .max) -> [String] {
    guard width > 0 && height > 0 else { return [] }
    guard slots.count > height else { return BoardLayout(rows: slots.map(\.row), width: width).lines }
    let ranked = SlotState.Rank.allCases.flatMap { rank in slots.filter { $0.rank == rank } }
    let lines = BoardLayout(rows: ranked.prefix(height - 1).map(\.row), width: width).lines
    return lines + [DisplayText.cut(Self.summary(of: ranked.dropFirst(height - 1)), to: width)]
  }

  private static func summary(of hidden: ArraySlice<SlotState>) -> String {
    let counts = SlotState.Rank.allCases.compactMap { rank in
      let count = hidden.count { $0.rank == rank }
      return count > 0 ? "\(count) \(rank.rawValue)" : nil
    }
    return "and \(DisplayText.count(hidden.count, "more slot")): \(counts.joined(separator: ", "))"
  }
}

extension SlotState {
  /// The slot's cells on the board.
  fileprivate var row: BoardLayout.Row {
    var row = BoardLayout.Row(slot: Self.safe(slot), unit: Self.safe(unit), state: state)
    if case .dumping(let transfer) = activity {
      row.percent = "\(transfer.percent) %"
      row.rate = transfer.rate.perSecond.map { "\(Int($0).grouped) B/s" } ?? ""
      row.remaining = transfer.remaining.map { "\(DisplayText.clock($0)) left" } ?? ""
    }
    // An ending tells its troubles itself, so that it may run over the empty cells on its right.
    if case .ended = activity { return row }
    row.troubles = troublesText
    return row
  }

  private var state: String {
    switch activity {
    case .waiting: "waiting"
    case .absent(let reason): "waiting: \(SafeText(reason, limit: 200))"
    case .connecting: "connecting"
    case .empty: "no unit"
    case .waking: "waiting for a prompt"
    case .booting: "starting"
    case .ready: "at the prompt"
    case .dumping(let transfer): "\(transfer.isProving ? "proving" : "reading") \(Self.safe(transfer.region))"
    case .ended(let result): ending(of: result)
    case .known(let text): text
    }
  }

  private var troublesText: String { troubles == 0 ? "" : DisplayText.count(troubles, "trouble") }

  private func ending(of result: UnitResult) -> String {
    let whole = result.regions.count(where: \.isUsable)
    let regions = "\(whole) of \(DisplayText.count(result.regions.count, "region"))"
    let reason = result.shortcomings.first.map { ": \(SafeText($0, limit: 200))" } ?? ""
    let troubles = troublesText.isEmpty ? "" : ", \(troublesText)"
    return "\(result.standing.rawValue), \(regions)\(troubles)\(reason)"
  }

  private static func safe(_ text: String) -> String { SafeText(text, limit: 64).description }
}
