import DumpManifest
import SerialLink

@testable import AdapterList
@testable import Udev

extension AdapterSpecimen {
  /// The adapter's ports as values.
  var adapters: [Adapter] {
    let all = controller.devices + hubs + devices
    return ttys.compactMap { tty in
      let path = sysPath(of: tty).dropFirst("/sys".count)
      return Adapter(chain: all.filter { path == $0.path || path.hasPrefix("\($0.path)/") }.reversed().map(\.record))
    }
  }

  /// The same kind in another place, its ttys numbered from `first` on.
  func plugged(into socket: String, from first: Int) -> AdapterSpecimen {
    var other = self
    other.socket = socket
    var number = first
    for interface in other.interfaces.indices {
      for tty in other.interfaces[interface].ttys.indices {
        other.interfaces[interface].ttys[tty] = "ttyUSB\(number)"
        number += 1
      }
    }
    return other
  }

  /// One port as a value.
  func adapter(in socket: String, _ number: Int = 0) -> Adapter { plugged(into: socket, from: number).adapters[0] }
}

extension AdapterSurvey {
  /// A survey of adapters that are all free.
  init(free adapters: [Adapter], slots: [SlotPlan]? = nil) {
    self.init(adapters: adapters, states: adapters.map { _ in NodeState(.free) }, slots: slots)
  }
}

/// The slots of a manifest whose `slots` are given as JSON.
func plans(_ slots: String) throws -> [SlotPlan] {
  let text = #"""
    { "name": "line", "slots": [\#(slots)], "console": { "dialect": "u-boot", "speed": 115200 },
      "regions": [{ "name": "flash", "address": 0, "size": 4096 }] }
    """#
  return try BatchPlan.parse(Array(text.utf8), name: "line.json").slots
}

/// Slots as a manifest would load them.
func plans(of slots: [WrittenSlot]) throws -> [SlotPlan] {
  let document = try WrittenSlot.text(slots).dropFirst().dropLast()
  let list = document.split(separator: "[", maxSplits: 1)[1].split(separator: "]")[0]
  return try plans(String(list))
}
