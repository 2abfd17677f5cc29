import DumpManifest
import Foundation

/// A manifest made up for a benchmark. It goes through the loader as a user's does.
struct BatchManifest: Encodable {
  struct Slot: Encodable {
    var name: String
    var tty: String
    /// Absent: the manifest's.
    var regions: [Region]?
    var policy: Policy?

    init(name: String, tty: String) {
      self.name = name
      self.tty = tty
    }
  }

  struct Policy: Encodable {
    var reuse: String?
  }

  struct Console: Encodable {
    var dialect = "u-boot"
    var speed = 115_200
    /// Absent: the cheapest that the console has.
    var method: String?
  }

  struct Region: Encodable {
    var name: String
    var address: UInt64
    var size: Int
    /// Path of an image that may hold much of the same.
    var reference: String?

    init(name: String, address: UInt64, size: Int) {
      self.name = name
      self.address = address
      self.size = size
    }
  }

  var name: String
  var slots: [Slot]
  var console = Console()
  /// Of slots that have none of their own; absent: all have.
  var regions: [Region]?

  init(name: String, slots: [Slot]) {
    self.name = name
    self.slots = slots
  }

  func plan() throws -> BatchPlan { try BatchPlan.parse(Array(JSONEncoder().encode(self)), name: name) }
}
