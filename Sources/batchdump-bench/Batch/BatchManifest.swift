import DumpManifest
import Foundation

/// A manifest made up for a benchmark. It goes through the loader as a user's does.
struct BatchManifest: Encodable {
  struct Slot: Encodable {
    var name: String
    var tty: String
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
  }

  var name: String
  var slots: [Slot]
  var console = Console()
  var regions: [Region] = []

  init(name: String, slots: [Slot]) {
    self.name = name
    self.slots = slots
  }

  func plan() throws -> BatchPlan { try BatchPlan.parse(Array(JSONEncoder().encode(self)), name: name) }
}
