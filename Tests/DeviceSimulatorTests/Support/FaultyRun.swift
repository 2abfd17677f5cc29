import TestSupport

@testable import DeviceSimulator

/// What a unit printed while it suffered faults, and what it counted.
struct FaultyRun: Equatable {
  /// A dump of 4 KiB in 256 lines.
  static let dump = "md.b 40000000 1000\r"

  var output: [UInt8]
  var counters: UnitCounters

  /// Types `command` at a unit with the faults of `plan`.
  init(_ plan: FaultPlan?, typing command: String = dump) throws {
    var unit = SimulatedUnit.uBoot()
    unit.faults = plan
    let device = try DrivenDevice(unit)
    output = device.type(command).bytes
    counters = device.device.counters
  }

  var faults: FaultCounters { counters.faults }

  /// Characters that are not those of `clean`, place by place.
  func differences(from clean: FaultyRun) -> Int { zip(output, clean.output).count { $0 != $1 } }
}

extension FaultPlan {
  /// A plan with one fault in it.
  init(seed: UInt64 = 3, _ change: (inout FaultPlan) -> Void) {
    self.init(seed: seed)
    change(&self)
  }
}
