import DeviceSimulator
import SerialLink
import TestSupport
import Testing

@testable import DumpEngine

/// A unit on a line of 115200 baud whose rate can be raised, and the manifest for it.
enum FastLine: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case uBoot = "U-Boot"
  case w90 = "Winbond W90"

  static let base = 115_200
  static let reset = #"{ "command": ["relay"] }"#

  var testDescription: String { rawValue }

  /// The highest rate that both the dialect and the unit know.
  var top: Int { self == .uBoot ? 921_600 : 460_800 }

  /// The rates on the way there.
  var rungs: [Int] { self == .uBoot ? [230_400, 460_800, 921_600] : [230_400, 460_800] }

  /// The port's own rate at the manifest's: a divisor's.
  var portBase: Int { self == .uBoot ? Self.base : 117_187 }

  /// The port's own rate at the highest.
  var portTop: Int { self == .uBoot ? 921_600 : 468_750 }

  var address: UInt64 { self == .uBoot ? Units.flash : Units.cameraKernel }

  /// Bytes that are dumped: enough for a climb to be worth while.
  var size: Int { self == .uBoot ? 40_000 : 33_000 }

  /// The evidence that its images get.
  var evidence: Set<Evidence> { [self == .uBoot ? .deviceDigest(.crc32) : .reread] }

  func unit(_ change: (inout UBootOptions) -> Void = { _ in }) -> SimulatedUnit {
    var unit =
      self == .uBoot
      ? Units.uBoot {
        $0.baudRates = [9600, 57_600, 115_200, 230_400, 460_800, 921_600]
        change(&$0)
      } : Units.camera()
    unit.speed = Self.base
    return unit
  }

  /// A manifest that raises the rate by name, up to the highest.
  func manifest(_ policy: String? = nil) -> SlotManifest {
    var manifest = self == .uBoot ? SlotManifest(address: address, size: size) : .w90(size: size)
    manifest.speed = Self.base
    manifest.endpoint = #""tty": "/nowhere""#
    manifest.identity =
      self == .uBoot
      ? #"{ "name": "mac", "command": "printenv ethaddr", "pattern": "^ethaddr=([0-9a-f:]{17})$" }"#
      : #"{ "name": "mac", "command": "set", "pattern": "([0-9A-F]{2}(:[0-9A-F]{2}){5})" }"#
    // Another proof would need a line without faults.
    let verify = self == .uBoot ? "auto" : "reread"
    manifest.policy = #""verify": "\#(verify)", "retries": 5"# + (policy ?? #", "speedUp": { "to": \#(top) }"#)
    return manifest
  }

  /// How a killed run leaves a unit.
  enum Leaving: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case raised = "at a high rate"
    case unconfirmed = "at a high rate that is not confirmed"
    case home = "at its own rate that is not confirmed"

    var testDescription: String { rawValue }
  }

  /// Leaves a unit as a killed run does.
  ///
  /// - Parameter rate: the high rate; absent: the highest.
  func leave(_ unit: RunningUnit, _ leaving: Leaving, at rate: Int? = nil) async throws {
    let rate = rate ?? top
    let link = try await Link.open(
      .tty(path: unit.path), settings: LineSettings(speed: Self.base), on: .singletonMultiThreadedEventLoopGroup)
    try await change(to: rate, unit, link)
    try await link.setSpeed(rate)
    if self == .uBoot, leaving != .unconfirmed {
      var heard: [UInt8] = []
      while !heard.suffix(3).elementsEqual("=> ".utf8) {
        // What comes too early is thrown away.
        try await link.send([0x0D])
        heard += try await link.receive(within: .seconds(1)) ?? []
      }
    }
    if leaving == .home { try await change(to: Self.base, unit, link) }
    await link.close()
  }

  private func change(to rate: Int, _ unit: RunningUnit, _ link: Link) async throws {
    let before = await unit.portSpeed()
    try await link.send(Array((self == .uBoot ? "setenv baudrate \(rate)\r" : "b \(rate)\r").utf8))
    await until { await unit.portSpeed() != before }
  }
}

extension RunningUnit {
  /// Returns when the unit's end of the line and the host's are at rates that are so, or the task is cancelled.
  func rates(are isSo: (_ port: Int, _ host: Int) -> Bool) async {
    await until { await isSo(portSpeed(), hostSpeed()) }
  }
}
