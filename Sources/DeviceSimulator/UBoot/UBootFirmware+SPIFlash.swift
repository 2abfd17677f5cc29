extension UBootFirmware {
  /// What a SPI NOR flash gives in a second, in bytes: a single data line at 40 MHz.
  private static let bytesPerSecond: UInt64 = 5_000_000

  /// `sf probe` and `sf read RAM OFFSET LENGTH`.
  mutating func spiFlash(_ words: [String]) {
    switch words.count > 1 ? words[1] : "" {
    case "probe": probeFlash()
    case "read": readFlash(words)
    default: usage(.sf)
    }
  }

  private mutating func probeFlash() {
    guard let flash = options.spiFlash else { return fail("Failed to initialize SPI flash at 0:0 (error -19)\n") }
    isFlashSelected = true
    let kibibytes = flash.size.value >> 10
    let total = kibibytes >= 1024 ? "\(kibibytes >> 10) MiB" : "\(kibibytes) KiB"
    switch flash.text {
    case .new:
      plan([.text("SF: Detected \(flash.name) with page size 256 Bytes, erase size 4 KiB, total \(total)\n")])
    case .old: plan([.text("\(kibibytes) KiB \(flash.name) at 0:0 is now current device\n")])
    }
  }

  private mutating func readFlash(_ words: [String]) {
    guard isFlashSelected, let flash = options.spiFlash, let spiFlash else {
      return fail("No SPI flash selected. Please run `sf probe'\n")
    }
    guard words.count == 5 else { return usage(.sf) }
    let (target, offset, count) = (address(words[2]), number(words[3]), number(words[4]))
    let (end, overflow) = offset.addingReportingOverflow(count)
    guard !overflow, end <= flash.size.value, let bytes = spiFlash.bytes(at: offset, count: Int(count)) else {
      return fail("ERROR: attempting read past flash size (0x\(String(flash.size.value, radix: 16)))\n")
    }
    guard memory.write(bytes, at: target) else { return abort(at: target) }
    let pause = UBootStep.pause(Nanoseconds(count * 1_000_000_000 / Self.bytesPerSecond))
    guard flash.text == .new else { return plan([pause]) }
    plan([
      .text("device 0 offset 0x\(String(offset, radix: 16)), size 0x\(String(count, radix: 16))\n"), pause,
      .text("SF: \(count) bytes @ 0x\(String(offset, radix: 16)) Read: OK\n"),
    ])
  }
}
