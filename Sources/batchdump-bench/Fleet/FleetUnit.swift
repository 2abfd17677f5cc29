import Foundation
import TestSupport

/// A simulated U-Boot of a benchmark's fleet, and how it is dumped.
struct FleetUnit {
  static let address: UInt64 = 0x0400_0000
  /// Name of the image below the batch folder's folder for a unit.
  static let region = "flash"

  /// Called like its slot and its folder.
  let name: String
  /// What it holds.
  let content: [UInt8]
  /// Bytes that are dumped, from the first on; absent: all.
  var size: Int?
  /// The policy's `reuse`; absent: the default.
  var reuse: String?
  /// What may hold much of the same.
  var reference: [UInt8]?

  init(name: String, content: [UInt8]) {
    self.name = name
    self.content = content
  }

  /// So many units of which no two hold the same.
  static func unequal(_ count: Int, size: Int) -> [FleetUnit] {
    (1...count).map { FleetUnit(name: "unit\($0)", content: seededBytes(count: size, seed: UInt64(1000 + $0))) }
  }

  /// Where its tty is linked.
  func terminal(in folder: String) -> String { "\(folder)/\(name)" }

  /// Throws unless the image that was dumped is what the unit holds.
  func compareImage(in folder: String) throws {
    let path = "\(folder)/\(FleetTrial.batchFolder)/\(name)/\(Self.region).bin"
    guard let image = FileManager.default.contents(atPath: path) else {
      throw BenchmarkFailure("\(name) has no complete image at \(path)")
    }
    let expected = size.map { Array(content.prefix($0)) } ?? content
    guard let difference = difference(found: Array(image), expected: expected) else { return }
    throw BenchmarkFailure("the image of \(name) is not what it holds: \(difference)")
  }
}
