import NIOCore
import Synchronization

/// A simulated unit whose tty can be opened.
public final class RunningUnit: Sendable {
  /// The unit's name.
  public let name: String
  /// The link that leads to its tty: `FOLDER/NAME`.
  public let path: String
  /// The files that a faithful dump of it gives.
  public let imageList: [SimulatedUnit.Image]

  private let storage: Mutex<UnitStorage>
  private let socket: AdapterSocket

  init(_ unit: SimulatedUnit, _ storage: UnitStorage, path: String, _ socket: AdapterSocket) {
    name = unit.name
    self.path = path
    imageList = unit.images
    self.storage = Mutex(storage)
    self.socket = socket
  }

  private var memory: UnitMemory { storage.withLock { $0.memory } }
  private var spiFlash: UnitMemory? { storage.withLock { $0.spiFlash } }

  // MARK: - Contents

  /// The bytes that the unit has at `address` now; nil where any of them is unmapped.
  public func contents(address: UInt64, size: Int) -> [UInt8]? { memory.bytes(at: address, count: size) }

  /// The bytes of its SPI flash from `offset` on; nil where it has none or less.
  public func spiFlashContents(offset: UInt64, size: Int) -> [UInt8]? { spiFlash?.bytes(at: offset, count: size) }

  /// The files of `imageList` with their bytes. Throws where an image reaches over unmapped addresses.
  public func images() throws -> [(file: String, bytes: [UInt8])] {
    try imageList.map { image in
      let source = image.isInSPIFlash ? spiFlash : memory
      guard let bytes = source?.bytes(at: image.address.value, count: image.size.int) else {
        throw SimulatorError(
          "image \(image.file) of unit \(name) lies at \(hex(image.address.value)), \(hex(image.size.value)) bytes, "
            + "where the unit has no memory; correct the image or the memory in the fleet file")
      }
      return (image.file, bytes)
    }
  }

  /// Turns one bit of memory over, as a failing flash does. Throws where the address is unmapped.
  public func flipBit(_ bit: Int, address: UInt64) throws {
    guard let byte = memory.bytes(at: address, count: 1)?.first, (0..<8).contains(bit) else {
      throw SimulatorError(
        "unit \(name) has no bit \(bit) at \(hex(address)); choose a mapped address and a bit 0 to 7")
    }
    _ = memory.write([byte ^ (1 << UInt8(bit))], at: address, isLasting: true)
  }

  // MARK: - What happens to it

  /// What it has done so far.
  public func counters() async -> UnitCounters { await socket.onLine { $0.device.counters } ?? UnitCounters() }

  /// The rate of its port now, in baud; 0 after it was stopped.
  public func portSpeed() async -> Int { await socket.onLine { $0.device.portSpeed } ?? 0 }

  /// The rate that the host has set its end of the tty to, in baud; 0 where that is no tty, or after it was stopped.
  public func hostSpeed() async -> Int { await socket.onLine { $0.hostSpeed } ?? 0 }

  /// Takes its power away and gives it back; it boots.
  public func powerCycle() async {
    await disturb {
      $0.powerOff()
      $0.reset()
    }
  }

  /// Takes its power away.
  public func powerOff() async { await disturb { $0.powerOff() } }

  /// Resets it, as a watchdog does; it boots.
  public func reset() async { await disturb { $0.reset() } }

  /// Takes it away and puts another unit at its place, which is switched on: the tty stays, and no one is told.
  /// ``contents(address:size:)`` are the other's from then on; counters begin anew.
  public func exchange(for other: SimulatedUnit) async throws {
    let new = try UnitStorage(other)
    storage.withLock { $0 = new }
    _ = await socket.onLine { line in
      line.exchange(for: SimulatedDevice(other, new))
      line.disturb { $0.reset() }
    }
  }

  /// Stops it until `thaw`, without any sign on the line.
  public func freeze() async { _ = await socket.onLine { $0.freeze() } }

  /// Lets a frozen unit go on where it was.
  public func thaw() async { _ = await socket.onLine { $0.thaw() } }

  /// Starts a long output, as somebody before us did; it has to be at its prompt.
  public func startFlood() async { await disturb { $0.startFlood() } }

  /// Puts noise on its line; nil takes it away.
  public func setNoise(_ noise: LineNoise?) async { await disturb { $0.setNoise(noise) } }

  /// Makes it suffer the faults of `plan`, counted from now on; nil ends them, and mends a console that is dead.
  public func setFaults(_ plan: FaultPlan?) async { await disturb { $0.setFaults(plan) } }

  /// The addresses of its unstable cells, in order: those that its faults name, and those drawn from the seed.
  public func unstableCells() async -> [UInt64] { await socket.onLine { $0.device.unstableCells } ?? [] }

  // MARK: - Its adapter

  /// Whether it has a tty: false after ``hangUp()``, and after an adapter vanished by a fault.
  public func isPluggedIn() async -> Bool { await socket.onLine { $0.isPluggedIn && $0.leaving == nil } ?? false }

  /// Pulls its adapter: the tty hangs up for all who have it open, and its link vanishes. The unit goes on, unheard.
  public func hangUp() async {
    if let gone = await socket.onLine({ $0.pull() }) ?? nil { try? await gone.get() }
  }

  /// Puts an adapter back: ``path`` leads to another tty, on which the unit is heard as it is by then, with its contents
  /// and counters. Throws where it has one, and where somebody else's link is in the place.
  public func plugIn() async throws { try await socket.plugIn() }

  /// Ends it; its adapter is pulled. May be called more than once.
  public func stop() async {
    if let gone = await socket.onLine({ $0.end() }) ?? nil { try? await gone.get() }
  }

  private func disturb(_ change: @escaping @Sendable (inout SimulatedDevice) -> Void) async {
    _ = await socket.onLine { $0.disturb(change) }
  }
}
