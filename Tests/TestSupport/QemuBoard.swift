import Foundation

/// A real U-Boot on a board that QEMU emulates, with known content in its second flash bank.
///
/// The board is switched on by the first client of ``console`` and so prints nothing before somebody reads.
///
/// QEMU does nothing else while a character waits to be taken from the console, not even what ``freeze()``,
/// ``thaw()`` and ``reset()`` ask for. Whoever calls one of these in the middle of output must read at the same time.
public struct QemuBoard: Sendable {
  /// The boards there are. Each has 128 MiB of RAM from 0x40000000 and two flash banks of 64 MiB; U-Boot itself is in
  /// the first one. Source: QEMU documentation, "'virt' generic virtual platform"; U-Boot doc/board/emulation/qemu-arm.rst.
  public enum Kind: String, Sendable, CaseIterable {
    /// 32-bit Arm; addresses print with 8 digits.
    case arm
    /// 64-bit Arm, which has `md.q`.
    case arm64
  }

  /// Address of the second flash bank in the board's memory.
  public static let flashAddress: UInt64 = 0x0400_0000
  /// Size of a flash bank in bytes.
  public static let flashSize = 64 << 20

  /// Which board.
  public let kind: Kind
  /// Path of the unix socket that is its serial console. One client at a time; a second one may follow the first.
  public let console: String
  /// Path of the file that is its second flash bank. The board writes to it if it is told to, so that a test can see
  /// that nobody did.
  public let flashFile: String

  let emulator: ChildProcess
  let machine: QmpClient

  /// Resets the board, as its reset button would; returns when it has been reset.
  public func reset() async throws { try await machine.execute("system_reset", until: "RESET") }

  /// Stops its processor in whatever it is doing; its console falls silent.
  public func freeze() async throws { try await machine.execute("stop", until: "STOP") }

  /// Lets a frozen board go on as if nothing had been.
  public func thaw() async throws { try await machine.execute("cont", until: "RESUME") }

  /// Takes its power away for good; returns when it has gone and its console has ended.
  public func powerOff() async {
    emulator.kill()
    await emulator.waitForEnd()
  }
}

extension QemuBoard {
  /// False where the environment says `BATCHDUMP_WITHOUT_QEMU=1`. For `.enabled(if:)`: without that word a missing
  /// QEMU fails tests, since a bench that tests nothing must not look like one that found nothing.
  public static var isWanted: Bool { ProcessInfo.processInfo.environment["BATCHDUMP_WITHOUT_QEMU"] != "1" }

  /// What a skipped test says.
  public static let unwantedComment = "BATCHDUMP_WITHOUT_QEMU=1 is set"
}

extension QemuBoard.Kind {
  var emulator: String {
    switch self {
    case .arm: "qemu-system-arm"
    case .arm64: "qemu-system-aarch64"
    }
  }

  var machineArguments: [String] {
    switch self {
    case .arm: ["-M", "virt", "-m", "128"]
    case .arm64: ["-M", "virt", "-cpu", "cortex-a53", "-m", "128"]
    }
  }

  /// Where Debian's package u-boot-qemu puts the boot loader.
  var firmware: String {
    switch self {
    case .arm: "/usr/lib/u-boot/qemu_arm/u-boot.bin"
    case .arm64: "/usr/lib/u-boot/qemu_arm64/u-boot.bin"
    }
  }
}
