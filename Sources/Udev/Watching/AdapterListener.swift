import Dispatch
import Glibc
import Synchronization

/// Listens to the kernel and to udevd, and keeps the ledger of adapters by it.
///
/// All input happens on one queue of its own, so that whoever takes the next event never waits for a file.
final class AdapterListener: Sendable {
  /// What differs between a real machine and a test.
  struct Surroundings: Sendable {
    /// Whether udevd follows the kernel's events.
    var hasUdevd: @Sendable () -> Bool = { access(Self.udevdSocket, F_OK) == 0 }
    /// How long it may take over one.
    var patience: Duration = .seconds(5)

    /// udevd's control socket: it is there as long as udevd runs, or systemd would start it.
    static let udevdSocket = "/run/udev/control"
  }

  /// What is used on the queue only.
  private struct Ears {
    let context: UdevContext
    let kernel: UdevMonitor
    let udev: UdevMonitor
    /// Dispatch ends a source as soon as nobody holds it.
    var sources: [any DispatchSourceRead] = []
    /// When the next look at what udevd left undone is due; unset when none is.
    var alarm: ContinuousClock.Instant?
    var hasToldOfMissingUdevd = false
  }

  /// Who takes events, and how to wake it.
  private struct Reader {
    var number = 0
    var bell: AsyncStream<Void>.Continuation?
  }

  /// Room for some ten thousand events; the usual 208 KiB overflow when large hubs are pulled.
  private static let bufferSize: Int32 = 16 << 20

  private let surroundings: Surroundings
  private let log: @Sendable (String) -> Void
  private let queue = DispatchQueue(label: "batchdump.udev")
  private let ears: Mutex<Ears>
  private let ledger: Mutex<AdapterLedger>
  private let reader = Mutex<Reader>(Reader())

  /// Begins to listen, and sees what is there.
  init(_ surroundings: Surroundings, log: @escaping @Sendable (String) -> Void) throws(UdevError) {
    self.surroundings = surroundings
    self.log = log
    let context = try UdevContext()
    // Both listen before anybody looks what is there: so nothing falls between.
    let kernel = try UdevMonitor(context, group: .kernel, subsystem: "tty", bufferSize: Self.bufferSize)
    let udev = try UdevMonitor(context, group: .udev, subsystem: "tty", bufferSize: Self.bufferSize)
    let sightings = try Sighting.all(context)
    ears = Mutex(Ears(context: context, kernel: kernel, udev: udev))
    ledger = Mutex(AdapterLedger(patience: surroundings.patience))
    open(with: sightings)
  }

  private func open(with sightings: [Sighting]) {
    ears.withLock { ears in
      let awaitsUdevd = awaitsUdevd(&ears)
      ledger.withLock { $0.take(all: sightings, awaitsUdevd: awaitsUdevd, at: .now) }
      for descriptor in [ears.kernel.descriptor, ears.udev.descriptor] {
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        // Holds this object until `close`: only then may the descriptors be closed.
        source.setEventHandler { self.hear() }
        source.activate()
        ears.sources.append(source)
      }
      setAlarm(&ears)
    }
  }

  /// Ends listening. The sockets are closed as soon as Dispatch has let go of them.
  func close() {
    ears.withLock { ears in
      for source in ears.sources { source.cancel() }
      ears.sources = []
    }
    reader.withLock { $0.bell?.finish() }
  }

  /// Lets a reader begin, and the one before it end. The signal comes whenever there may be something to take.
  func newReader() -> (number: Int, bell: AsyncStream<Void>) {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    return reader.withLock { reader in
      reader.bell?.finish()
      reader = Reader(number: reader.number + 1, bell: continuation)
      return (reader.number, stream)
    }
  }

  /// What the reader has to be told next; nothing where another has taken its place.
  func take(for number: Int) -> AdapterEvent? {
    reader.withLock { $0.number == number ? ledger.withLock { $0.next() } : nil }
  }

  /// How many adapters are remembered.
  var count: Int { ledger.withLock(\.count) }
}

// What happens on the queue.
extension AdapterListener {
  private func hear() {
    ears.withLock { ears in
      var isComplete = hearKernel(&ears)
      reading: while true {
        let reading = ears.udev.receive()
        // The kernel's event was there before udevd's on it: taken first, it tells what udevd's is about.
        isComplete = hearKernel(&ears) && isComplete
        switch reading {
        case .event(let device): take(device, .udev, &ears)
        case .lost: isComplete = false
        case .nothing: break reading
        }
      }
      if !isComplete { lookAgain(&ears) }
      setAlarm(&ears)
    }
    ring()
  }

  /// Takes all of the kernel's events that wait; says whether none was lost.
  private func hearKernel(_ ears: inout Ears) -> Bool {
    var isComplete = true
    while true {
      switch ears.kernel.receive() {
      case .event(let device): take(device, .kernel, &ears)
      case .lost: isComplete = false
      case .nothing: return isComplete
      }
    }
  }

  private func take(_ device: UdevDevice, _ group: UdevMonitor.Group, _ ears: inout Ears) {
    let action = AdapterNotice.Action(device.action)
    // What the event says may be outdated: what is there now counts.
    let sighting = action == .remove ? nil : Sighting(at: device.sysPath, ears.context)
    let notice = AdapterNotice(
      group: group, action: action, sequence: device.sequence, sysPath: device.sysPath, sighting: sighting)
    let awaitsUdevd = awaitsUdevd(&ears)
    ledger.withLock { $0.take(notice, awaitsUdevd: awaitsUdevd, at: .now) }
  }

  private func lookAgain(_ ears: inout Ears) {
    log("udev: events came faster than they could be read, and some were lost: looking again at what is there")
    do {
      let sightings = try Sighting.all(ears.context)
      let awaitsUdevd = awaitsUdevd(&ears)
      ledger.withLock { $0.take(all: sightings, awaitsUdevd: awaitsUdevd, at: .now) }
    } catch {
      log("udev: \(error)")
    }
  }

  private func awaitsUdevd(_ ears: inout Ears) -> Bool {
    if surroundings.hasUdevd() { return true }
    if !ears.hasToldOfMissingUdevd {
      ears.hasToldOfMissingUdevd = true
      log(
        "udev: no udevd runs here (\(Surroundings.udevdSocket) is missing): adapters are taken as the kernel tells of "
          + "them, without the links and permissions that udev's rules would give them")
    }
    return false
  }

  private func ring() {
    guard ledger.withLock(\.hasNews) else { return }
    _ = reader.withLock { $0.bell?.yield() }
  }
}

// What udevd leaves undone.
extension AdapterListener {
  /// Deadlines follow one another in time, hence one alarm is enough.
  private func setAlarm(_ ears: inout Ears) {
    guard ears.alarm == nil, let deadline = ledger.withLock(\.nextDeadline) else { return }
    ears.alarm = deadline
    let wait = max(.zero, ContinuousClock.now.duration(to: deadline)) / .nanoseconds(1)
    queue.asyncAfter(deadline: .now() + .nanoseconds(Int(wait))) { [weak self] in self?.takeUnfinished() }
  }

  private func takeUnfinished() {
    ears.withLock { ears in
      ears.alarm = nil
      for path in ledger.withLock({ $0.overdue(at: .now) }) {
        let sighting = Sighting(at: path, ears.context)
        ledger.withLock { $0.takeUnfinished(path, sighting) }
        guard let node = sighting?.adapter.node else { continue }
        log(
          "udev: udevd did not finish with \(node) within \(surroundings.patience): it is taken as it is; "
            + "if it cannot be opened, see whether udevd hangs (udevadm settle, systemctl status systemd-udevd)")
      }
      setAlarm(&ears)
    }
    ring()
  }
}
