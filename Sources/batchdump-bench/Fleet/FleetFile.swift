import Foundation

/// A fleet as the simulator reads it.
struct FleetFile: Encodable {
  struct Unit: Encodable {
    var name: String
    var kind = "u-boot"
    var speed: Int
    /// It waits at its prompt: a boot's seconds would hide what is measured.
    var start = "prompt"
    var memory: [Memory]
    var faults: Faults?
  }

  struct Memory: Encodable {
    var address: UInt64
    var size: Int
    var content: Content
  }

  struct Content: Encodable {
    var file: String
  }

  struct Faults: Encodable {
    var seed = 1
    var digests: Digests
  }

  struct Digests: Encodable {
    var microsecondsPerByte: Double
  }

  var units: [Unit]

  /// Describes units whose contents are written as files beside the description.
  ///
  /// - Parameter digestRate: bytes that a unit digests in a second; absent: at once.
  init(_ units: [FleetUnit], speed: Int, digestRate: Double?, in folder: String) throws {
    let faults = digestRate.map { Faults(digests: Digests(microsecondsPerByte: 1e6 / $0)) }
    self.units = try units.map { unit in
      let path = "\(folder)/\(unit.name).content"
      try Data(unit.content).write(to: URL(filePath: path))
      let memory = Memory(address: FleetUnit.address, size: unit.content.count, content: Content(file: path))
      return Unit(name: unit.name, speed: speed, memory: [memory], faults: faults)
    }
  }
}
