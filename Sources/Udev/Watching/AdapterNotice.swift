/// One event of the kernel or of udevd, with what was found when it was read.
struct AdapterNotice: Sendable, Hashable {
  /// What has happened, as far as it makes a difference here.
  enum Action: Sendable, Hashable {
    case remove
    /// Somebody wants others to look again: `udevadm trigger`, or a driver.
    case change
    /// `add`, `bind`, `move` and others: what there is counts.
    case other

    init(_ word: String?) {
      self =
        switch word {
        case "remove": .remove
        case "change": .change
        default: .other
        }
    }
  }

  var group: UdevMonitor.Group
  var action: Action
  /// The kernel's number of the event. udevd passes it on, so that both groups' events can be told to be the same.
  var sequence: UInt64
  var sysPath: String
  /// What is there now; nothing where it is gone again, and of a `remove`.
  var sighting: Sighting?
}
