import DumpManifest
import SerialLink
import Udev

@testable import AdapterList

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
