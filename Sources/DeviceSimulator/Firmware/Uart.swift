/// A unit's serial port as its firmware sees it: characters received and not yet read, characters to be sent.
struct Uart: Sendable {
  /// Rate of the port in baud.
  var speed: Int
  /// How many received characters the port holds; further ones are lost, as in hardware without flow control.
  let depth: Int
  /// Characters lost because the firmware did not read in time.
  private(set) var overruns = 0

  private var received: [UInt8] = []
  private var readIndex = 0
  private var outgoing: [UInt8] = []
  private var sendIndex = 0

  init(speed: Int, depth: Int) {
    self.speed = speed
    self.depth = depth
  }

  /// True while characters wait to be sent.
  var isSending: Bool { sendIndex < outgoing.count }

  /// True while received characters wait to be read.
  var hasReceived: Bool { readIndex < received.count }

  /// Queues characters to be sent.
  mutating func send(_ bytes: some Sequence<UInt8>) { outgoing.append(contentsOf: bytes) }

  /// Lets `format` append to what is to be sent.
  mutating func send(_ format: (inout [UInt8]) -> Void) { format(&outgoing) }

  /// Puts characters before all that wait to be sent.
  mutating func interject(_ bytes: [UInt8]) { outgoing.insert(contentsOf: bytes, at: sendIndex) }

  /// The next character that was received, if any.
  mutating func readCharacter() -> UInt8? {
    guard hasReceived else { return nil }
    defer {
      readIndex += 1
      if readIndex == received.count {
        received.removeAll(keepingCapacity: true)
        readIndex = 0
      }
    }
    return received[readIndex]
  }

  /// A character arrives from the line.
  mutating func receive(_ byte: UInt8) {
    guard received.count - readIndex < depth else {
      overruns += 1
      return
    }
    received.append(byte)
  }

  /// Puts characters in as if somebody had typed them before; the port's depth does not limit them.
  mutating func preload(_ bytes: some Sequence<UInt8>) { received.append(contentsOf: bytes) }

  /// Moves up to `limit` characters onto the line; returns how many.
  mutating func transmit(_ limit: Int, into line: inout [UInt8]) -> Int {
    let end = min(outgoing.count, sendIndex + limit)
    let count = end - sendIndex
    line.append(contentsOf: outgoing[sendIndex..<end])
    sendIndex = end
    if sendIndex == outgoing.count {
      outgoing.removeAll(keepingCapacity: true)
      sendIndex = 0
    }
    return count
  }

  /// Forgets all characters, as at power-on.
  mutating func clear() {
    received = []
    outgoing = []
    readIndex = 0
    sendIndex = 0
  }
}
