/// The program in a simulated unit that talks on its console.
///
/// It is driven by its serial port alone and knows neither ttys nor event loops: `work` is called while the port has
/// nothing left to send, does one piece of work (prints about a line, reads one character) and tells what it waits for.
protocol Firmware: Sendable {
  /// Starts anew, as the processor does after a reset. The port is cleared and back at its own rate.
  mutating func reset(_ machine: inout Machine)

  /// Is at the prompt without having booted, as after somebody else's work.
  mutating func resume()

  /// What somebody had begun to type.
  var halfLine: String { get }

  /// Command lines that keep the console printing for a long time.
  var flood: String { get }

  /// Does the next piece of work.
  mutating func work(_ machine: inout Machine) -> Work
}

/// What a firmware's work ended in.
enum Work: Sendable, Equatable {
  /// Something was done; call again when the port has sent what was printed.
  case done
  /// Nothing to do until a character is received.
  case waiting
  /// Nothing to do until that time, or until a character is received.
  case sleeping(until: Nanoseconds)
}

/// What firmware runs on, lent to it for one piece of work.
struct Machine: ~Copyable {
  /// The console's port.
  var uart: Uart
  /// What the unit has done so far.
  var counters: UnitCounters
  /// The time.
  var now: Nanoseconds
  /// Set by firmware that resets its processor.
  var resetRequested = false
  /// What memory and digests are read through.
  var faults = MemoryFaults(nil)
  /// The memory that the line now being sent shows.
  private var shown: MemoryRange?

  /// A machine with an idle port.
  init(uart: Uart) {
    self.uart = uart
    counters = UnitCounters()
    now = 0
  }

  /// Counts memory of which a line is on its way.
  mutating func show(_ range: MemoryRange) {
    counters.bytesDumped += range.size
    shown = range
  }

  /// All that was to be sent has been.
  mutating func noteSent() {
    guard let range = shown else { return }
    counters.noteDumped(range)
    shown = nil
  }

  /// Loses what was to be sent and to be read, as at a reset.
  mutating func clearPort() {
    if !uart.isSending { noteSent() }
    uart.clear()
    shown = nil
  }
}
