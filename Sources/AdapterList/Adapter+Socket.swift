import Udev

extension Adapter {
  /// What a `path` rule has to say so that of these adapters this one alone meets it.
  ///
  /// The name of the socket is enough, and goes on to fit when an adapter with another driver is plugged in there; only
  /// where the adapter has several ports on one interface, the port's number has to follow.
  func pathRule(among others: [Adapter]) -> String {
    others.contains { $0.path == path && $0.portPath != portPath } ? portPath : path
  }

  /// The order of a bench: by hub, by port of the hub, and within an adapter by its own ports.
  static func isInSocketOrder(_ first: Adapter, _ second: Adapter) -> Bool {
    func ports(_ adapter: Adapter) -> [Int] { [adapter.interface, adapter.port ?? 0] }
    guard first.usbPort == second.usbPort else { return NaturalOrder.isBefore(first.usbPort, second.usbPort) }
    guard ports(first) == ports(second) else { return ports(first).lexicographicallyPrecedes(ports(second)) }
    return NaturalOrder.isBefore(first.node, second.node)
  }
}

/// Text in the order in which people count: `1-1.2` comes before `1-1.10`.
enum NaturalOrder {
  static func isBefore(_ first: String, _ second: String) -> Bool {
    let (one, other) = (key(first), key(second))
    for (left, right) in zip(one, other) where left != right { return left < right }
    return one.count < other.count
  }

  /// Each character that is no digit, and each whole number as its length and its digits.
  private static func key(_ text: String) -> [String] {
    var parts: [String] = []
    var digits = ""
    for character in text.unicodeScalars {
      if ("0"..."9").contains(character) {
        digits.unicodeScalars.append(character)
        continue
      }
      if !digits.isEmpty { parts.append(number(digits)) }
      digits = ""
      parts.append(String(character))
    }
    return digits.isEmpty ? parts : parts + [number(digits)]
  }

  /// Of numbers without leading zeros the longer is the greater; the first character tells the length.
  private static func number(_ digits: String) -> String {
    let bare = digits.drop { $0 == "0" }
    return "\(Unicode.Scalar(UInt8(min(bare.count, 200))))\(bare)"
  }
}
