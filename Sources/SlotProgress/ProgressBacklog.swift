import DumpEngine

/// What is yet to be shown to a person, while the output may be held for hours: of progress only what is newest, or a
/// night's would fill memory.
public struct ProgressBacklog: Sendable {
  /// Something to be shown.
  public enum Entry: Sendable {
    case event(SessionEvent)
    /// A line that belongs to no slot.
    case note(String)
  }

  private var entries: [Entry] = []
  /// Where the last event of a slot is, where that is its progress.
  private var progress: [String: Int] = [:]
  private var isBeingShown = false

  /// Nothing is to be shown.
  public init() {}

  /// How many are to be shown.
  public var count: Int { entries.count }

  /// Adds what has happened last. Returns whether somebody has to begin to take.
  public mutating func add(_ entry: Entry) -> Bool {
    defer { isBeingShown = true }
    guard case .event(let event) = entry else {
      entries.append(entry)
      return !isBeingShown
    }
    if event.kind.isProgress, let place = progress[event.slot] {
      entries[place] = entry
    } else {
      progress[event.slot] = event.kind.isProgress ? entries.count : nil
      entries.append(entry)
    }
    return !isBeingShown
  }

  /// Takes all that is to be shown, in order; whoever gets nothing has ended, and what is added next has to begin anew.
  public mutating func take() -> [Entry] {
    defer { (entries, progress) = ([], [:]) }
    isBeingShown = !entries.isEmpty
    return entries
  }
}

extension SessionEvent.Kind {
  /// Whether a later one of the same slot says all that this one does.
  fileprivate var isProgress: Bool {
    switch self {
    case .progress, .proving: true
    default: false
    }
  }
}
