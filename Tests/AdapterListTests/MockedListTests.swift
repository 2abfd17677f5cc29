import Foundation
import MockedAdapters
import TestSupport
import Testing

@testable import AdapterList

/// The real command on a made-up machine: runs as `umockdev-wrapper swift test --filter AdapterListTests`.
@Suite(
  "On a made-up machine", .serialized, .timeLimit(.minutes(2)),
  .enabled(if: MockBench.isPreloaded, "needs umockdev: run umockdev-wrapper swift test --filter AdapterListTests"))
struct MockedListTests {
  private static let path = "pci-0000:00:14.0-usb-0"

  private func object(_ text: String?) throws -> [String: Any] {
    let text = try #require(text)
    return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("`list --json` has what is plugged in")
  func json() async throws {
    let bench = try MockBench()
    bench.plug(.ft232r.plugged(into: "1-1.2", as: "ttyUSB0"))
    bench.plug(.ft4232h.plugged(into: "1-1.3", from: 1))
    let (output, status) = try await RunningTool(["list", "--json"]).end()
    #expect(status == 0)
    let adapters = try #require(try object(output)["adapters"] as? [[String: Any]])
    #expect(adapters.compactMap { $0["node"] as? String } == (0...4).map { "/dev/ttyUSB\($0)" })
    #expect(adapters[0]["serial"] as? String == "A9030PXG")
    #expect(adapters.last?["path"] as? String == "\(Self.path):1.3:1.3")
    // umockdev makes no nodes for devices without contents.
    #expect(adapters[0]["state"] as? String == "missing")
  }

  @Test("`list --manifest` shows slots, and what is wrong with them")
  func manifest() async throws {
    let bench = try MockBench()
    bench.plug(.ft232r.plugged(into: "1-1.2", as: "ttyUSB0"))
    try await withTemporaryFolder { folder in
      let file = folder.file("line.json")
      let text = #"""
        { "name": "line", "console": { "dialect": "u-boot" },
          "slots": [{ "name": "A1", "match": { "path": "*-usb-0:1.2:1.0" } }, { "name": "A2", "match": { "port": "7" } }],
          "regions": [{ "name": "flash", "address": 0, "size": 4096 }] }
        """#
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      let (output, status) = try await RunningTool(["list", "--manifest", file]).end()
      #expect(status == 0)
      #expect(output.contains("FT232R USB UART  A1    missing  \(Self.path):1.2:1.0\n"))
      #expect(
        output.hasSuffix(
          "\nslot A2: no adapter matches port=7: plug it in; `batchdump list` shows what is there\n"))
    }
  }

  // One process at a time: those that have equal numbers for their sockets take umockdev's events from each other.
  @Test("`list --watch` tells people of each that comes and goes, and ends well with ctrl-C")
  func watch() async throws {
    let bench = try MockBench()
    bench.plug(.ft232r.plugged(into: "1-1.2", as: "ttyUSB0"))
    let tool = try RunningTool(["list", "--watch"])
    #expect(await tool.nextLine()?.hasPrefix("NODE ") == true)
    #expect(await tool.nextLine()?.hasPrefix("/dev/ttyUSB0  0403:6001  A9030PXG") == true)
    #expect(await tool.nextLine()?.hasPrefix("    plugged in, but its node is not in /dev") == true)
    let second = AdapterSpecimen.cp2102.plugged(into: "1-1.3", as: "ttyUSB1")
    bench.plug(second)
    let rest = "/dev/ttyUSB1  10c4:ea60 0001  path \(Self.path):1.3:1.0"
    #expect(await tool.nextLine()?.dropFirst(9) == "+ \(rest); missing")
    bench.pull(second)
    #expect(await tool.nextLine()?.dropFirst(9) == "- \(rest)")
    await expectEnd(of: tool)
  }

  @Test("`list --watch --json` tells programs, beginning with what is there")
  func watchJSON() async throws {
    let bench = try MockBench()
    let first = AdapterSpecimen.ft232r.plugged(into: "1-1.2", as: "ttyUSB0")
    let second = AdapterSpecimen.cp2102.plugged(into: "1-1.3", as: "ttyUSB1")
    bench.plug(first)
    let tool = try RunningTool(["list", "--watch", "--json"])
    for (event, node) in [("added", "/dev/ttyUSB0"), ("added", "/dev/ttyUSB1"), ("removed", "/dev/ttyUSB0")] {
      let told = try object(await tool.nextLine())
      #expect(told["event"] as? String == event)
      #expect((told["adapter"] as? [String: Any])?["node"] as? String == node)
      if node == "/dev/ttyUSB1" { bench.pull(first) } else if event == "added" { bench.plug(second) }
    }
    await expectEnd(of: tool)
  }

  private func expectEnd(of tool: RunningTool) async {
    tool.interrupt()
    let (output, status) = await tool.end()
    #expect(output.isEmpty)
    #expect(status == 0)
  }

  @Test("`slots` writes a slot for each port")
  func slots() async throws {
    let bench = try MockBench()
    bench.plug(.cp2102.plugged(into: "1-1.3", as: "ttyUSB0"))
    bench.plug(.ft232r.plugged(into: "1-1.2", as: "ttyUSB1"))
    let (output, status) = try await RunningTool(["slots", "--hub-relative", "--prefix", "B"]).end()
    #expect(status == 0)
    #expect(
      output == """
        {
          "slots": [
            { "name": "B1", "match": { "hub": "05e3:0610", "hubPort": "2" } },
            { "name": "B2", "match": { "hub": "05e3:0610", "hubPort": "3" } }
          ]
        }

        """)
  }

  @Test("`slots --guided` names sockets as adapters are plugged in", arguments: ["Enter", "ctrl-C"])
  func guided(end: String) async throws {
    let bench = try MockBench()
    bench.plug(.ch340.plugged(into: "1-4", as: "ttyUSB0"))
    let tool = try RunningTool(["slots", "--guided"])
    _ = try await tool.error(with: "The adapter that is plugged in already gets no name")
    _ = try await tool.error(with: "Plug the adapter for slot A1")
    bench.plug(.ft232r.plugged(into: "1-1.2", as: "ttyUSB1"))
    #expect(try await tool.error(with: "A1: ").hasPrefix("A1: /dev/ttyUSB1  0403:6001 A9030PXG  path "))
    _ = try await tool.error(with: "Plug the adapter for slot A2")
    let wrong = AdapterSpecimen.cp2102.plugged(into: "1-1.4", as: "ttyUSB2")
    bench.plug(wrong)
    _ = try await tool.error(with: "Plug the adapter for slot A3")
    bench.pull(wrong)
    _ = try await tool.error(with: "A2: undone")
    _ = try await tool.error(with: "Plug the adapter for slot A2")
    if end == "Enter" { tool.enter() } else { tool.interrupt() }
    let (output, status) = await tool.end()
    #expect(status == 0)
    #expect(
      output == """
        {
          "slots": [
            { "name": "A1", "match": { "path": "\(Self.path):1.2:1.0" } }
          ]
        }

        """)
  }

  @Test("`slots --guided` ends at once where nobody can press Enter")
  func unattended() async throws {
    let bench = try MockBench()
    bench.plug(.ch340.plugged(into: "1-4", as: "ttyUSB0"))
    let tool = try RunningTool(["slots", "--guided"], input: FileHandle.nullDevice)
    _ = try await tool.error(with: "no slot was named")
    let (output, status) = await tool.end()
    #expect(output == "")
    #expect(status == 1)
  }

  @Test("nothing plugged in: `slots` writes nothing to its output and fails, `list` says what to check")
  func nothing() async throws {
    let bench = try MockBench()
    var driverless = AdapterSpecimen.ft232r
    driverless.interfaces = []
    bench.plug(driverless)
    let slots = try RunningTool(["slots"])
    _ = try await slots.error(with: "lsusb")
    let (output, status) = await slots.end()
    #expect(output == "")
    #expect(status == 1)
    let list = try await RunningTool(["list"]).end()
    #expect(list.status == 0)
    #expect(list.output.contains("sudo dmesg"))
  }
}
