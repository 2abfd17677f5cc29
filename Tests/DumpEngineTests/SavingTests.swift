import DeviceSimulator
import Dispatch
import Foundation
import SerialLink
import Synchronization
import TestSupport
import Testing

@testable import DumpEngine

@Suite("What waits for a save is told only when the disk has it", .serialized, .timeLimit(.minutes(4)))
struct SavingTests {
  private static let size = Units.flashSize
  /// Blocks of which several groups are taken one after the other, none of them read.
  private static let manifest = {
    var manifest = SlotManifest(address: Units.flash, size: size)
    manifest.console = #", "readLength": 1024"#
    return manifest
  }()

  /// A disk at which no save ends before it is let go on; it goes on by itself before a test would wait for ever.
  private final class HeldDisk: Sendable {
    private let gate = DispatchSemaphore(value: 0)

    init() {
      for _ in 0..<Disk.quietThreads { _ = Disk.begin { [gate] in _ = gate.wait(timeout: .now() + 120) } }
    }

    func goOn() { for _ in 0..<Disk.quietThreads { gate.signal() } }
  }

  /// Dumps a unit whose blocks are found without reading them while none is saved; `meddle` may do something to the
  /// unit's folder before the disk goes on.
  private func dump(_ meddle: @escaping @Sendable (String) throws -> Void) async throws -> SessionRun {
    let folder = Mutex("")
    let disk = Mutex<HeldDisk?>(nil)
    let once = OnceHeld {
      #expect(throws: Never.self) { try meddle(folder.withLock(\.self)) }
      disk.withLock { $0 }?.goOn()
    }
    return try await withUnit(Units.uBoot(content: .fill(0xFF))) { unit in
      try await runSession(
        Self.manifest, at: .tty(path: unit.path), onEvent: { await once.see($0) },
        onFolder: { path in
          folder.withLock { $0 = path }
          disk.withLock { $0 = HeldDisk() }
        })
    }
  }

  @Test("what is known of the unit says that it was cut short until the session is over")
  func firstRecord() async throws {
    let folder = Mutex("")
    let states = Mutex<[UnitState]>([])
    let run = try await withUnit(Units.uBoot()) { unit in
      try await runSession(
        SlotManifest(address: Units.flash, size: Self.size), at: .tty(path: unit.path),
        onFolder: { path in folder.withLock { $0 = path } }
      ) { event in
        guard case .progress = event, let state = try? UnitState.own(folder.withLock(\.self) + "/" + UnitState.fileName)
        else { return }
        states.withLock { $0.append(state) }
      }
    }
    #expect(run.unit.isVerified, run.failureText)
    // What comes first may come before the disk has anything.
    #expect(Set(states.withLock { $0.map(\.unit.failure?.kind) }) == ["cut-short"])
  }

  @Test("where the disk goes on, all of it is")
  func goesOn() async throws {
    let run = try await dump { folder in
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(!names.contains("flash.evidence.json") && !names.contains("flash.map"), "\(names)")
    }
    try run.expectImage([UInt8](repeating: 0xFF, count: Self.size), evidence: [.deviceDigest(.crc32)])
    #expect(run.unit.regions[0].reused == Self.size)
  }

  @Test("where the disk refuses, nothing is")
  func refused() async throws {
    let run = try await dump { folder in
      // No file can be renamed over a folder.
      try FileManager.default.createDirectory(
        atPath: "\(folder)/flash.evidence.json", withIntermediateDirectories: false)
    }
    #expect(run.unit.failure?.kind == "disk", run.failureText)
    #expect(run.unit.failure?.message.contains("flash.evidence.json") == true, run.failureText)
    #expect(run.unit.regions[0].blocks.isEmpty && run.files["flash.map"] == nil)
  }
}
