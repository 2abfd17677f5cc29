import Foundation
import TestSupport
import Testing

extension RealUBootTests {
  @Suite("The emulated board")
  struct QemuBoardTests {
    @Test("boots to a prompt and answers", arguments: QemuBoard.Kind.allCases)
    func boots(kind: QemuBoard.Kind) async throws {
      try await withQemuBoard(kind, flash: []) { board in
        try await withRawConsole(at: board.console) { console in
          try await console.stopAutoboot()
          let reply = try await console.reply(to: "version")
          #expect(reply.contains("U-Boot 20"), "\(ReadableBytes(reply))")
          let compiler = kind == .arm ? "arm-linux-" : "aarch64-linux-"
          #expect(reply.contains(compiler), "\(ReadableBytes(reply))")
        }
      }
    }

    @Test("shows the given flash content at its address", arguments: QemuBoard.Kind.allCases)
    func flashContent(kind: QemuBoard.Kind) async throws {
      let content = seededBytes(count: 64 << 10, seed: 2)
      try await withQemuBoard(kind, flash: content) { board in
        let address = String(QemuBoard.flashAddress, radix: 16)
        try await withRawConsole(at: board.console) { console in
          try await console.stopAutoboot()
          let reply = try await console.reply(to: "md.b \(address) 10")
          let cells = content.prefix(16).map { String(format: "%02x", $0) }.joined(separator: " ")
          #expect(reply.contains(": \(cells)  "), "\(ReadableBytes(reply))")
          let digest = try await console.reply(to: "crc32 \(address) 10000")
          let crc = String(format: "%08x", crc32(of: content))
          #expect(digest.contains("==> \(crc)"), "\(ReadableBytes(digest))")
        }
        let held = try #require(FileManager.default.contents(atPath: board.flashFile))
        #expect(held.count == QemuBoard.flashSize)
        #expect(difference(found: Array(held.prefix(content.count)), expected: content) == nil)
      }
    }

    @Test("boots again after a reset", arguments: QemuBoard.Kind.allCases)
    func resets(kind: QemuBoard.Kind) async throws {
      try await withQemuBoard(kind, flash: []) { board in
        try await withRawConsole(at: board.console) { console in
          try await console.stopAutoboot()
          try await board.reset()
          try await console.stopAutoboot()
          let reply = try await console.reply(to: "echo back")
          #expect(ReadableBytes(reply) == ReadableBytes("echo back\r\nback\r\n"))
        }
      }
    }

    @Test("takes what was typed while it was frozen", arguments: QemuBoard.Kind.allCases)
    func typedWhileFrozen(kind: QemuBoard.Kind) async throws {
      try await withQemuBoard(kind, flash: []) { board in
        try await withRawConsole(at: board.console) { console in
          try await console.stopAutoboot()
          try await board.freeze()
          try await console.send("echo thawed\r")
          try await board.thaw()
          let reply = try await console.read(until: "\r\n=> ")
          #expect(ReadableBytes(reply) == ReadableBytes("echo thawed\r\nthawed\r\n=> "))
        }
      }
    }

    @Test("loses nothing when it is frozen in the middle of a dump", arguments: QemuBoard.Kind.allCases)
    func frozenInADump(kind: QemuBoard.Kind) async throws {
      try await withQemuBoard(kind, flash: []) { board in
        try await withRawConsole(at: board.console) { console in
          try await console.stopAutoboot()
          try await console.send("md.b 40000000 20000\r")
          let before = try await console.read(until: "40000100: ")
          async let pause: Void = {
            try await board.freeze(); try await board.thaw()
          }()
          let after = try await console.read(until: "\n=> ")
          try await pause
          let lines = (before + after).split(separator: "\r\n").filter { $0.contains(": ") }
          #expect(lines.count == 0x2000)
          #expect(lines.last?.contains("4001fff0: ") == true, "\(lines.last ?? "no line")")
        }
      }
    }

    @Test("ends its console when its power is taken away")
    func powerOff() async throws {
      try await withQemuBoard(.arm, flash: []) { board in
        try await withRawConsole(at: board.console) { console in
          try await console.stopAutoboot()
          await board.powerOff()
          await #expect(throws: ConsoleEnded.self) { try await console.read(until: "=> ") }
        }
      }
    }

    @Test("ends when the task that uses it is cancelled")
    func cancelled() async throws {
      let (prompts, prompt) = AsyncStream<Void>.makeStream()
      await withThrowingTaskGroup { group in
        group.addTask {
          try await withQemuBoard(.arm, flash: []) { board in
            try await withRawConsole(at: board.console) { console in
              try await console.stopAutoboot()
              prompt.yield()
              _ = try await console.read(until: "what never comes")
            }
          }
        }
        for await _ in prompts { break }
        group.cancelAll()
        await #expect(throws: ConsoleEnded.self) { try await group.waitForAll() }
      }
    }
  }
}

extension RawConsole {
  /// Takes a starting board to its prompt.
  fileprivate mutating func stopAutoboot() async throws {
    _ = try await read(until: "\nU-Boot 20")
    _ = try await read(until: "stop autoboot")
    try await send(" ")
    _ = try await read(until: "\n=> ")
  }

  /// What is printed from a command's echo up to the next prompt, without it.
  fileprivate mutating func reply(to command: String) async throws -> String {
    try await send(command + "\r")
    return String(try await read(until: "\r\n=> ").dropLast(3))
  }
}

/// CRC-32 as in zlib, bit by bit.
private func crc32(of bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(UInt32.max) { crc, byte in
    (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
  }
}
