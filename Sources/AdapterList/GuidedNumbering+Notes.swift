import DumpReport
import Udev

extension GuidedNumbering {
  /// What has become of a slot.
  public enum Note: Sendable, Equatable, CustomStringConvertible {
    /// A port's socket has got its name.
    case named(slot: String, Adapter)
    /// The socket had its name already.
    case known(slot: String, Adapter)
    /// The adapter named last was pulled: its names are free again.
    case undone(slots: [String])
    /// Another adapter was pulled: its socket keeps its names.
    case kept(slots: [String])
    /// A port of an adapter before it came late.
    case renamed(from: String, to: String, Adapter)

    /// As a person reads it.
    public var description: String {
      let text =
        switch self {
        case .named(let slot, let adapter):
          "\(slot): \(adapter.node)  \(adapter.vendor):\(adapter.product) \(adapter.serial ?? "-")  "
            + "path \(adapter.path)"
        case .known(let slot, let adapter): "\(slot) is this socket's name already (\(adapter.node)); nothing changes"
        case .undone(let slots): "\(slots.joined(separator: ", ")): undone, since the adapter was pulled"
        case .kept(let slots): "\(slots.joined(separator: ", ")): the adapter was pulled, the socket keeps its name"
        case .renamed(let old, let new, let adapter):
          "\(new): \(adapter.node), not \(old) any more, since a port of an adapter before it came late"
        }
      return SafeText(text, limit: 500).description
    }
  }

  /// What is told at the start.
  public var introduction: String {
    let count = Set(earlier.values.map(\.usbPort)).count
    let plugged =
      switch count {
      case 0: ""
      case 1: "The adapter that is plugged in already gets no name; to name its socket, pull it and plug it again.\n"
      default:
        "The \(count) adapters that are plugged in already get no names; to name a socket, pull its adapter and plug it "
          + "again.\n"
      }
    return "Plug in an adapter at each slot, in the order of the slots; to undo the last, pull it. Enter ends.\n"
      + plugged
  }

  /// What the person is to do now.
  public var prompt: String { "Plug the adapter for slot \(next) into its socket now (Enter ends): " }
}
