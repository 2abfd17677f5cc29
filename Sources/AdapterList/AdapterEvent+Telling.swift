import DumpReport
import SerialLink
import Udev

extension AdapterEvent {
  /// The adapter that it is about.
  public var adapter: Adapter {
    switch self {
    case .added(let adapter), .changed(let adapter), .removed(let adapter): adapter
    }
  }

  /// What programs call it.
  var word: String {
    switch self {
    case .added: "added"
    case .changed: "changed"
    case .removed: "removed"
    }
  }

  private var sign: String {
    switch self {
    case .added: "+"
    case .changed: "~"
    case .removed: "-"
    }
  }

  /// A line for people: `15:04:05 + /dev/ttyUSB3  0403:6001 A9030PXG  path pci-…-usb-0:1.2:1.0 (slot A3)`, with the
  /// state of the node where it is not free.
  public func line(_ row: AdapterRow, at clock: String) -> String {
    var line = "\(clock) \(sign) \(row.adapter.node)  \(row.identifier) \(row.adapter.serial ?? "-")  path \(row.path)"
    if let slots = row.slots, !slots.isEmpty { line += " (slot \(slots.joined(separator: ", ")))" }
    if let standing = row.state?.standing, standing != .free { line += "; \(standing.rawValue)" }
    return SafeText(line, limit: 1000).description
  }
}
