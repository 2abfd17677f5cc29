import BatchScheduler
import DeviceSimulator
import DumpEngine
import DumpManifest
import Synchronization
import TestSupport

/// Simulated units for the tests of a batch.
enum Units {
  static let flash: UInt64 = 0x0400_0000
  static let flashSize = 128 << 10

  /// A U-Boot unit at its prompt, known by `mac`.
  static func uBoot(
    _ name: String, mac: String = "02:00:5e:00:00:01", seed: UInt64 = 11, speed: Int = 3_000_000,
    _ change: (inout UBootOptions) -> Void = { _ in }
  ) -> SimulatedUnit {
    var options = UBootOptions()
    options.startupDelay = 20
    // Long enough for a machine that is busy with other tests.
    options.bootDelay = 90
    options.environment["ethaddr"] = mac
    change(&options)
    var unit = SimulatedUnit(
      name: name, loader: .uBoot(options), speed: speed,
      memory: [MemoryArea(address: Quantity(flash), size: Quantity(UInt64(flashSize)), content: .random(seed: seed))])
    unit.start = .prompt
    return unit
  }
}

/// A manifest's text for slots that all do the same.
func manifest(_ slots: [(name: String, tty: String)], size: Int = 4096, policy: String = "") -> String {
  let entries = slots.map { #"{ "name": "\#($0.name)", "tty": "\#($0.tty)" }"# }.joined(separator: ", ")
  return #"""
    { "name": "line", "slots": [\#(entries)],
      "console": { "dialect": "u-boot", "speed": 3000000, "timeouts": { "wake": 30, "reply": \#(patientReply) } },
      "identity": [{ "name": "mac", "command": "printenv ethaddr", "pattern": "^ethaddr=([0-9a-f:]{17})$" }],
      "regions": [{ "name": "flash", "file": "flash.bin", "address": \#(Units.flash), "size": \#(size) }],
      "policy": { \#(policy) } }
    """#
}

/// Loads a manifest's text.
func plan(_ text: String) throws -> BatchPlan { try BatchPlan.parse(Array(text.utf8), name: "line.json") }

/// Starts units for as long as `body` runs; it gets them by name.
func withUnits<Output: Sendable>(
  _ units: [SimulatedUnit], _ body: ([String: RunningUnit]) async throws -> Output
) async throws -> Output {
  try await withTemporaryFolder { folder in
    let host = try await SimulatorHost(folder: folder.path)
    do {
      let running = try await host.start(SimulatedFleet(units: units))
      let output = try await body(Dictionary(uniqueKeysWithValues: running.map { ($0.name, $0) }))
      await host.stop()
      return output
    } catch {
      await host.stop()
      throw error
    }
  }
}

/// Events of a batch in the order in which they came.
final class EventLog: Sendable {
  private let kept = Mutex<[SessionEvent]>([])
  private let onEvent: @Sendable (SessionEvent) -> Void

  /// A log; `onEvent` is called with each event and must not block.
  init(onEvent: @escaping @Sendable (SessionEvent) -> Void = { _ in }) { self.onEvent = onEvent }

  /// Takes an event.
  func take(_ event: SessionEvent) {
    kept.withLock { $0.append(event) }
    onEvent(event)
  }

  /// All so far.
  var events: [SessionEvent] { kept.withLock { $0 } }

  /// The most sessions that were between their first and their last event at any time.
  var mostAtOnce: Int {
    var running = 0
    var most = 0
    for event in events {
      if case .connecting = event.kind { running += 1 }
      if case .ended = event.kind { running -= 1 }
      most = max(most, running)
    }
    return most
  }
}
