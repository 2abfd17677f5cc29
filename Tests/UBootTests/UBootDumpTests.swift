import ConsoleDialect
import DumpManifest
import Foundation
import NIOPosix
import SerialLink
import Synchronization
import TestSupport
import Testing

@testable import DumpEngine

extension RealUBootTests {
  @Suite("A dump of a real U-Boot")
  struct UBootDumpTests {
    /// Two reads; in more there would be nothing new, and an emulated console takes seconds for each.
    static let size = 128 << 10
    /// Enough for something to happen in the middle.
    static let disturbedSize = 512 << 10
    static let methods: [(QemuBoard.Kind, String)] = [
      (.arm, "md.b"), (.arm, "md.w"), (.arm, "md.l"), (.arm64, "md.b"), (.arm64, "md.w"), (.arm64, "md.l"),
      (.arm64, "md.q"),
    ]

    @Test("is the flash, byte for byte, with the unit's digest for every block", arguments: methods)
    func everyWidth(kind: QemuBoard.Kind, method: String) async throws {
      let flash = seededBytes(count: Self.size, seed: 7)
      try await withQemuBoard(kind, flash: flash) { board in
        let dump = try await dump(board, method: method, size: Self.size) {}
        try dump.expectVerified(flash)
        #expect(dump.unit.console?.method == method)
      }
    }

    @Test("reads only what neither a fill nor an image of before shows", arguments: QemuBoard.Kind.allCases)
    func known(kind: QemuBoard.Kind) async throws {
      let erased = 64 << 10
      let flash = [UInt8](repeating: 0xFF, count: erased) + seededBytes(count: Self.size - erased, seed: 10)
      var before = flash
      for place in 100_000..<100_016 { before[place] ^= 0x5A }
      try await withQemuBoard(kind, flash: flash) { board in
        let dump = try await dump(board, method: "md.l", size: Self.size, reference: before) {}
        let image = try #require(dump.image, "\(dump.unit.failure?.message ?? "")")
        #expect(difference(found: image, expected: flash) == nil)
        #expect(dump.unit.isVerified)
        var sums: [Provenance: Int] = [:]
        for block in dump.unit.regions[0].blocks { sums[block.provenance, default: 0] += block.range.count }
        #expect(sums[.constant] == erased, "\(sums)")
        #expect(sums[.wire, default: 0] >= 16 && sums[.wire, default: 0] <= 4096, "\(sums)")
        #expect(sums[.reference, default: 0] >= Self.size - erased - 4096, "\(sums)")
      }
    }

    @Test("survives a reset in the middle", arguments: QemuBoard.Kind.allCases)
    func resetInTheMiddle(kind: QemuBoard.Kind) async throws {
      let flash = seededBytes(count: Self.disturbedSize, seed: 8)
      try await withQemuBoard(kind, flash: flash) { board in
        let dump = try await dump(board, method: "md.l", size: Self.disturbedSize) { try? await board.reset() }
        try dump.expectVerified(flash)
        #expect(dump.unit.wire.resets == 1)
      }
    }

    @Test("survives five seconds of standing still in the middle", arguments: QemuBoard.Kind.allCases)
    func freezeInTheMiddle(kind: QemuBoard.Kind) async throws {
      let flash = seededBytes(count: Self.disturbedSize, seed: 9)
      try await withQemuBoard(kind, flash: flash) { board in
        let dump = try await dump(board, method: "md.l", size: Self.disturbedSize, replyTimeout: 2) {
          try? await board.freeze()
          try? await Task.sleep(for: .seconds(5))
          try? await board.thaw()
        }
        try dump.expectVerified(flash)
      }
    }
  }
}
