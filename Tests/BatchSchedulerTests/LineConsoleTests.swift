import DeviceSimulator
import DumpEngine
import DumpReport
import Foundation
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import BatchScheduler

@Suite("A line takes consoles as they are", .timeLimit(.minutes(4)))
struct LineConsoleTests {
  @Test("a unit that boots something else is no failed dump, and its text is in no other unit's transcript")
  func bootedUnit() async throws {
    var options = UBootOptions()
    options.stopKey = "nobody knows it"
    options.bootDelay = 0
    options.afterBoot = .login
    var booted = Units.uBoot("booted")
    booted.loader = .uBoot(options)
    booted.start = .booting
    let manifest = lineManifest([("A1", "1.1")]).replacing(#""wake": 30"#, with: #""wake": 2"#)
    let second = Units.uBoot("unit")
    try await watching([booted], manifest) { line, units in
      let unit = try #require(units["booted"])
      line.plug("1.1", node: unit.path)
      let trouble = try await line.wait(for: "A1") { if case .trouble(let text) = $0 { text } else { nil } }
      #expect(trouble.contains("no prompt of Das U-Boot within 2 s") && trouble.contains("login:"), "\(trouble)")
      try await unit.exchange(for: second)
      #expect(try await line.end(of: "A1").isVerified)
    } check: { report, folder, _ in
      #expect(report.units.map(\.standing) == [.verified])
      let log = String(decoding: image(folder, "02-00-5e-00-00-01/console.log"), as: UTF8.self)
      #expect(log.contains("ethaddr") && !log.contains("Starting kernel"))
    }
  }

  @Test("a W90 is watched as well; without an identity each arrival is a unit of its own")
  func w90() async throws {
    var unit = SimulatedUnit(
      name: "camera", loader: .w90(W90Options()), speed: 921_600,
      memory: [MemoryArea(address: 0x7F00_0000, size: 0x1_0000, content: .random(seed: 3))])
    unit.start = .prompt
    let manifest = #"""
      { "name": "line", "slots": [{ "name": "A1", "match": { "path": "*" } }],
        "console": { "dialect": "winbond-w90", "speed": 921600 }, "policy": { "verify": "none" },
        "regions": [{ "name": "flash", "address": "0x7F000000", "size": 1024 }] }
      """#
    try await watching([unit], manifest) { line, units in
      let unit = try #require(units["camera"])
      line.plug("1.1", node: unit.path)
      #expect(try await line.end(of: "A1").standing == .complete)
      await unit.powerOff()
      try await line.wait(for: "A1") { if case .unitLeft = $0 { true } else { nil } }
      await unit.reset()
      #expect(try await line.end(of: "A1", 2).standing == .complete)
    } check: { report, folder, units in
      #expect(report.units.map(\.folder) == ["A1", "A1-2"])
      let expected = try #require(units["camera"]?.contents(address: 0x7F00_0000, size: 1024))
      for folderName in ["A1", "A1-2"] {
        #expect(difference(found: image(folder, "\(folderName)/flash.bin"), expected: expected) == nil)
      }
    }
  }

  @Test("a unit at its prompt that cannot be known has failed, and leaves no folder")
  func unknowable() async throws {
    let manifest = lineManifest([("A1", "1.1")]).replacing("printenv ethaddr", with: "printenv serial#")
    try await watching([Units.uBoot("unit")], manifest) { line, units in
      line.plug("1.1", node: try #require(units["unit"]).path)
      #expect(try await line.end(of: "A1").failure?.kind == "identity")
      try await line.wait(for: "A1") { if case .awaitingDeparture = $0 { true } else { nil } }
    } check: { report, folder, _ in
      #expect(report.units.isEmpty)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }
      #expect(names.sorted() == ["SHA256SUMS", "report.json"])
    }
  }

  @Test("a console server that accepts and hangs up at once is not called without a pause")
  func hangsUpAtOnce() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.file("console")
      let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .childChannelInitializer { $0.close() }.bind(unixDomainSocketPath: path).get()
      let manifest = lineManifest([("A1", "1.1")]).replacing(
        #""match": { "path": "*-usb-0:1.1:1.0" }"#, with: #""link": "unix:\#(path)""#)
      let line = try WatchedLine(manifest, folder: folder.path)
      _ = try await line.run { line in
        try await line.wait(for: "A1", 2) { if case .connecting = $0 { true } else { nil } }
        let times = line.times(of: "A1") { if case .connecting = $0 { true } else { false } }
        #expect(times[1].timeIntervalSince(times[0]) >= 1.9)
      }
      try await server.close()
    }
  }
}
