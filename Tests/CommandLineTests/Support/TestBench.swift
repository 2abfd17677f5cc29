import DeviceSimulator
import Foundation
import TestSupport

/// A simulated U-Boot unit and manifests for it.
enum TestBench {
  static let flash: UInt64 = 0x0400_0000
  static let size = 4096

  static func unit(_ name: String = "unit", speed: Int = 3_000_000, flashSize: Int = 1 << 20) -> SimulatedUnit {
    var unit = SimulatedUnit(
      name: name, loader: .uBoot(UBootOptions()), speed: speed,
      memory: [MemoryArea(address: Quantity(flash), size: Quantity(UInt64(flashSize)), content: .random(seed: 4))])
    unit.start = .prompt
    return unit
  }

  /// A loader whose unit can be known by its `ethaddr`.
  static var known: UBootOptions {
    var options = UBootOptions()
    options.environment["ethaddr"] = "02:00:5e:00:00:01"
    return options
  }

  static func manifest(
    _ ttys: [String], size: Int = size, speed: Int = 3_000_000, checks: String = "", policy: String = "",
    identity: String = ""
  ) -> String {
    let slots = ttys.enumerated().map { #"{ "name": "A\#($0 + 1)", "tty": "\#($1)" }"# }.joined(separator: ", ")
    return #"""
      { "name": "bench", "slots": [\#(slots)],
        "console": { "dialect": "u-boot", "speed": \#(speed), "timeouts": { "wake": 20, "reply": \#(patientReply) } },
        "regions": [{ "name": "flash", "file": "flash.bin", "address": \#(flash), "size": \#(size)
          \#(checks.isEmpty ? "" : #", "checks": [\#(checks)]"#) }],
        "identity": [\#(identity)], "policy": { \#(policy) } }
      """#
  }

  /// Writes a manifest and starts a unit for as long as `body` runs.
  static func with<Output: Sendable>(
    _ unit: SimulatedUnit = unit(), _ body: (TemporaryFolder, RunningUnit) async throws -> Output
  ) async throws -> Output {
    try await withTemporaryFolder { folder in
      let consoles = folder.file(".consoles")
      try FileManager.default.createDirectory(atPath: consoles, withIntermediateDirectories: true)
      let host = try await SimulatorHost(folder: consoles)
      do {
        let output = try await body(folder, try await host.start(unit))
        await host.stop()
        return output
      } catch {
        await host.stop()
        throw error
      }
    }
  }
}

extension TemporaryFolder {
  /// Writes a text file.
  func write(_ text: String, to name: String) throws {
    try text.write(toFile: file(name), atomically: true, encoding: .utf8)
  }

  /// A JSON object from a file.
  func object(_ name: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(filePath: file(name)))
    return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }
}
