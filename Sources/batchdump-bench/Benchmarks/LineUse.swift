import DeviceSimulator
import Foundation
import TestSupport

/// How much of a serial line's time carries dump text when a real U-Boot is at its other end.
///
/// U-Boot runs in QEMU, which knows no speed, behind a paced line. `md.l` prints 65 characters for 16 bytes (9 for
/// address and colon, 4 words of 9, 2 blanks, 16 characters, CR, LF) and each takes ten bits; so a line of S baud
/// carries S / 10 * 16 / 65 bytes of memory per second at best, and what was reached over that is the share of the time
/// in which dump text was on the line. Everything else is on top: waking the console, learning its ways, commands,
/// echoes, prompts, digests, and the moments in which nobody says anything.
struct LineUse: Benchmark {
  /// Rate of the line in baud.
  let speed: Int
  /// Share of the region's time in which dump text shall be on the line; absent: any.
  let demanded: Double?

  var name: String { "line-use-\(speed)" }
  var summary: String { "256 KiB from U-Boot in QEMU by md.l, behind a line of \(speed) baud" }

  private static let size = 256 << 10
  private static let charactersPerLine = 65.0
  private static let bytesPerLine = 16.0
  private static let bitsPerCharacter = 10.0
  private static let slot = "board"

  /// What `md.l` can carry on a line at best, in bytes of memory per second.
  static func limit(speed: Int) -> Double { Double(speed) / bitsPerCharacter / charactersPerLine * bytesPerLine }

  func measure() async throws -> [BenchmarkRow] {
    let flash = seededBytes(count: Self.size, seed: 12)
    let (times, image) = try await dump(flash)
    if let difference = difference(found: image, expected: flash) {
      throw BenchmarkFailure("the image is not what the flash holds: \(difference)")
    }
    let limit = Self.limit(speed: speed)
    let row = { (part: String, seconds: Double, target: Target?) in
      BenchmarkRow(
        subject: part, measured: Double(flash.count) / seconds, reference: limit,
        referenceName: "md.l's limit there", unit: "B/s", target: target)
    }
    return [
      row("from the region's start to its end", times.region, demanded.map { .ratio(.atLeast, $0) }),
      row("from opening the link to closing it, boot included", times.session, nil),
    ]
  }

  /// Dumps the start of a board's flash, with the unit's digest for every block.
  private func dump(_ flash: [UInt8]) async throws -> (times: SessionTimes, image: [UInt8]) {
    try await withQemuBoard(.arm, flash: flash) { board in
      try await withTemporaryFolder { folder in
        let bridge = try await PacedBridge.start(
          .connecting(to: board.console), path: folder.file("line"), speed: speed)
        var manifest = BatchManifest(name: "line-use", slots: [.init(name: Self.slot, tty: bridge.path)])
        manifest.console.speed = speed
        manifest.console.method = "md.l"
        manifest.regions = [.init(name: "flash", address: QemuBoard.flashAddress, size: flash.count)]
        let batch = try await TimedBatch.run(manifest, into: folder.file("batch"))
        await bridge.stop()
        return (try batch.sessionTimes(of: Self.slot), try batch.image("flash.bin", of: Self.slot))
      }
    }
  }
}
