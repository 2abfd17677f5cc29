import Foundation

extension UnitResult {
  /// A unit of which somebody else tells: without regions, times and whatever only a session knows.
  package init(slot: String, link: String, dialect: String, folder: String) {
    let never = Date(timeIntervalSince1970: 0)
    self.init(
      slot: slot, link: link, dialect: dialect, identity: [], folder: folder, console: nil, regions: [], started: never,
      ended: never, wire: WireCounters(), failure: nil, interrupted: false)
  }
}
