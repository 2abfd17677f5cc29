import DeviceSimulator
import Foundation
import TestSupport

/// One unit of the fleet that the simulating worker runs and the dumping worker dumps.
struct Unit {
  static let size = 64 << 10
  static let address: UInt64 = 0x0400_0000
  static let speed = 115_200
  /// Name of the image below the batch folder's folder for a unit.
  static let region = "flash"

  let number: Int

  static func all(_ count: Int) -> [Unit] { (1...count).map(Unit.init) }

  var name: String { "unit\(number)" }

  /// What it holds; no two units hold the same.
  var content: [UInt8] { seededBytes(count: Self.size, seed: UInt64(1000 + number)) }

  /// The device. It waits at its prompt: a boot's seconds would hide what is measured.
  var simulated: SimulatedUnit {
    let area = MemoryArea(
      address: Quantity(Self.address), size: Quantity(UInt64(Self.size)), content: .bytes(content))
    var unit = SimulatedUnit(name: name, loader: .uBoot(UBootOptions()), speed: Self.speed, memory: [area])
    unit.start = .prompt
    return unit
  }

  /// Where its tty is linked.
  func terminal(below folder: String) -> String { "\(folder)/\(name)" }

  /// Throws unless the image that was dumped is what the unit holds.
  func compareImage(below folder: String) throws {
    let path = "\(Self.batchFolder(below: folder))/\(name)/\(Self.region).bin"
    guard let image = FileManager.default.contents(atPath: path) else {
      throw BenchmarkFailure("\(name) has no complete image at \(path)")
    }
    guard let difference = difference(found: Array(image), expected: content) else { return }
    throw BenchmarkFailure("the image of \(name) is not what it holds: \(difference)")
  }

  static func batchFolder(below folder: String) -> String { "\(folder)/batch" }
}
