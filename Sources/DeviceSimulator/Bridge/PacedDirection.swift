import NIOCore

/// One direction of a bridge: a bounded FIFO that drains at the line's speed.
///
/// The source is read only as fast as the line carries, so that a sender without a speed of its own, such as QEMU, is
/// held back instead of losing characters.
final class PacedDirection {
  private let speed: Int
  private let source: any Channel
  private let target: any Channel
  /// Characters at which the source is held back: what the line carries in some ticks, so that a late timer costs no
  /// line time, and at least a UART's FIFO.
  private let limit: Int
  private var queue = CharacterQueue()
  private var clock: CharacterClock
  private var isReading = true
  /// When the queue was filled after it had been empty.
  private var busySince: Nanoseconds = 0
  /// When the first character that counts set out.
  private var first: Nanoseconds?
  private var last: Nanoseconds = 0
  private var carried = 0
  /// Whether somebody is there to hear what is carried; what is not heard is lost, as on a real line.
  var isHeard: Bool

  init(speed: Int, from source: any Channel, to target: any Channel, isHeard: Bool) {
    self.speed = speed
    self.source = source
    self.target = target
    self.isHeard = isHeard
    let perTick = speed / CharacterClock.bitsPerCharacter * Int(PacedBridge.tick.nanoseconds / 1_000_000) / 1000
    limit = max(64, 16 * perTick)
    clock = CharacterClock(speed: speed, now: 0)
  }

  /// True while characters wait and the target has room for them.
  var canCarry: Bool { !queue.isEmpty && target.isWritable }

  /// What was carried so far.
  var traffic: LineTraffic {
    var traffic = LineTraffic(speed: speed)
    traffic.bytes = carried
    traffic.seconds = Double(last - (first ?? last)) / 1e9
    return traffic
  }

  /// Begins to count anew.
  func resetTraffic(now: Nanoseconds) {
    busySince = now
    first = nil
    last = 0
    carried = 0
  }

  /// Takes characters from the source.
  func append(_ bytes: some Sequence<UInt8>, now: Nanoseconds) {
    if queue.isEmpty {
      clock.restart(speed: speed, now: now)
      busySince = now
    }
    queue.append(bytes)
    regulateReading()
  }

  /// Carries what the line has had time for.
  func carry(now: Nanoseconds) {
    guard target.isWritable else { return clock.restart(speed: speed, now: now) }
    let bytes = queue.removeFirst(clock.due(now: now))
    guard !bytes.isEmpty else { return }
    clock.take(bytes.count)
    first = first ?? busySince
    last = now
    carried += bytes.count
    if isHeard { target.writeAndFlush(target.allocator.buffer(bytes: bytes), promise: nil) }
    regulateReading()
  }

  private func regulateReading() {
    let wanted = queue.count < limit
    guard wanted != isReading else { return }
    isReading = wanted
    try? source.syncOptions?.setOption(.autoRead, value: wanted)
  }
}
