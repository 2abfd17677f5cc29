import Testing

@testable import Udev

/// A ledger with the events of one or several adapters written into it by hand.
struct LedgerBook {
  var ledger = AdapterLedger(patience: .seconds(5))
  var hasUdevd: Bool
  var now = ContinuousClock.now
  private var sequence: UInt64 = 100

  init(hasUdevd: Bool) { self.hasUdevd = hasUdevd }

  /// The kernel tells of an adapter; gives the event's number.
  @discardableResult
  mutating func kernel(_ action: AdapterNotice.Action, _ sighting: Sighting) -> UInt64 {
    sequence += 1
    take(.kernel, action, sighting, sequence)
    return sequence
  }

  /// udevd follows an event of the kernel's.
  mutating func udev(_ action: AdapterNotice.Action, _ sighting: Sighting, after sequence: UInt64) {
    take(.udev, action, sighting, sequence)
  }

  private mutating func take(
    _ group: UdevMonitor.Group, _ action: AdapterNotice.Action, _ sighting: Sighting, _ sequence: UInt64
  ) {
    let notice = AdapterNotice(
      group: group, action: action, sequence: sequence, sysPath: sighting.adapter.sysPath,
      sighting: action == .remove ? nil : sighting)
    ledger.take(notice, awaitsUdevd: hasUdevd, at: now)
  }

  mutating func scan(_ sightings: [Sighting]) { ledger.take(all: sightings, awaitsUdevd: hasUdevd, at: now) }

  /// All that is to be told.
  mutating func news() -> [AdapterEvent] {
    var events: [AdapterEvent] = []
    while let event = ledger.next() { events.append(event) }
    return events
  }
}

extension Sighting {
  /// An adapter as `ttyUSB<number>`. `incarnation` is another one after each plugging.
  static func of(
    _ number: Int, socket: String = "1-1", incarnation: UInt64 = 1, isInitialized: Bool = false, serial: String? = nil
  ) -> Sighting {
    var adapter = Adapter(
      sysPath: "/sys/devices/ttyUSB\(number)", node: "/dev/ttyUSB\(number)", vendor: "0403", product: "6001",
      path: "pci-0000:00:14.0-usb-0:\(socket.dropFirst(2)):1.0", usbPort: socket)
    adapter.serial = serial
    return Sighting(adapter: adapter, incarnation: incarnation, isInitialized: isInitialized)
  }
}
