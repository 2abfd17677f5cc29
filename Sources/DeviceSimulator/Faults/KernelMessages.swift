/// What drivers print into other people's output, as on any Linux with a serial console.
struct KernelMessages: Sendable {
  private static let messages = [
    "usb 1-1: device descriptor read/64, error -71", "usb 1-1: new high-speed USB device number 4 using xhci_hcd",
    "random: crng init done", "mmc0: Timeout waiting for hardware interrupt.", "eth0: link up",
    "ath: phy0: Failed to stop TX DMA", "br-lan: port 1(eth0) entered forwarding state",
  ]

  private let texts: [String]
  private var generator: SeededGenerator
  /// The kernel's clock, in microseconds.
  private var time: UInt64 = 0

  /// Lines that say one of `texts`, or what a kernel says where there are none.
  init(_ texts: [String], seed: UInt64) {
    self.texts = texts
    generator = SeededGenerator(seed: seed)
  }

  /// The next line with its CR LF.
  mutating func next() -> [UInt8] {
    guard texts.isEmpty else { return crlf(texts[Int(generator.next() % UInt64(texts.count))] + "\n") }
    let message = Self.messages[Int(generator.next() % UInt64(Self.messages.count))]
    time += 1 + generator.next() % 9_000_000
    // Not every message is printk's; some drivers of boot loaders print theirs bare.
    guard generator.next() % 4 > 0 else { return crlf(message + "\n") }
    let seconds = String(time / 1_000_000)
    let micros = String(time % 1_000_000)
    let stamp =
      String(repeating: " ", count: max(0, 5 - seconds.count)) + seconds + "."
      + String(repeating: "0", count: 6 - micros.count) + micros
    return crlf("[\(stamp)] \(message)\n")
  }
}
