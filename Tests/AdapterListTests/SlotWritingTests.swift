import BatchScheduler
import Foundation
import MockedAdapters
import Testing

@testable import AdapterList
@testable import Udev

@Suite("Slots that are written for what is plugged in")
struct SlotWritingTests {
  private func refusal(_ binding: SlotWriting.Binding, _ adapters: [Adapter]) -> String? {
    do throws(SlotWriting.Refusal) {
      _ = try SlotWriting(binding, known: adapters).slots(prefix: "A")
      return nil
    } catch {
      return error.description
    }
  }

  /// Loads the slots as a manifest and binds them: each has to find its own adapter again.
  private func expectOwnAdapters(_ slots: [WrittenSlot], _ adapters: [Adapter]) throws {
    let binding = SlotBinding(slots: try plans(of: slots), adapters: adapters)
    #expect(binding.ambiguities == [])
    #expect(Set(binding.adapters.values.map(\.node)).count == adapters.count)
  }

  @Test("are numbered by hub and port, as people count")
  func order() throws {
    let sockets = ["1-10", "1-2.10", "1-2.9", "2-1", "1-1.4.1"]
    let adapters = sockets.enumerated().map { AdapterSpecimen.ft232r.adapter(in: $1, $0) }
    let paths = try SlotWriting(.path, known: adapters).slots(prefix: "B").map {
      "\($0.name) \($0.match["path"] ?? "")"
    }
    #expect(
      paths == [
        "B1 pci-0000:00:14.0-usb-0:1.4.1:1.0", "B2 pci-0000:00:14.0-usb-0:2.9:1.0",
        "B3 pci-0000:00:14.0-usb-0:2.10:1.0", "B4 pci-0000:00:14.0-usb-0:10:1.0", "B5 pci-0000:00:14.0-usb-0:1:1.0",
      ])
  }

  @Test("are the text of a manifest's part, one line each")
  func text() throws {
    let adapters = AdapterSpecimen.cp2105.adapters
    let slots = try SlotWriting(.path, known: adapters).slots(prefix: "A")
    #expect(
      try WrittenSlot.text(slots) == """
        {
          "slots": [
            { "name": "A1", "match": { "path": "pci-0000:00:14.0-usb-0:1:1.0" } },
            { "name": "A2", "match": { "path": "pci-0000:00:14.0-usb-0:1:1.1" } }
          ]
        }
        """)
    #expect(try WrittenSlot.text([]) == #"{ "slots": [] }"#)
    #expect(try WrittenSlot.text([WrittenSlot("A\"1", match: ["serial": "a\\b/c"])]).contains(#""A\"1""#))
  }

  @Test("find their own adapters again, whatever ports these have", arguments: [SlotWriting.Binding.path, .hub])
  func roundTrip(binding: SlotWriting.Binding) throws {
    let specimens: [AdapterSpecimen] = [.ft4232h, .mcs7840, .cp2105, .cp2102, .cp2102, .ch340]
    let adapters = specimens.enumerated().flatMap { $1.plugged(into: "1-1.\($0 + 1)", from: $0 * 4).adapters }
    let slots = try SlotWriting(binding, known: adapters).slots(prefix: "A")
    #expect(slots.count == adapters.count)
    try expectOwnAdapters(slots, adapters)
  }

  @Test("move with their hub")
  func hub() throws {
    let here =
      [AdapterSpecimen.ft232r.adapter(in: "1-4.2", 0)] + AdapterSpecimen.cp2105.plugged(into: "1-4.3", from: 1).adapters
    let slots = try SlotWriting(.hub, known: here).slots(prefix: "A")
    #expect(
      slots.map(\.match) == [
        ["hub": "05e3:0610", "hubPort": "2"], ["hub": "05e3:0610", "hubPort": "3", "interface": "00"],
        ["hub": "05e3:0610", "hubPort": "3", "interface": "01"],
      ])
    let there =
      [AdapterSpecimen.ft232r.adapter(in: "3-7.2", 5)] + AdapterSpecimen.cp2105.plugged(into: "3-7.3", from: 6).adapters
    try expectOwnAdapters(slots, there)
  }

  @Test("name a hub by its serial where others are equal")
  func hubSerial() throws {
    var adapters = [AdapterSpecimen.ft232r.adapter(in: "1-1.2", 0), AdapterSpecimen.ft232r.adapter(in: "1-2.2", 1)]
    adapters[0].hubs[0].serial = "HUB*7"
    #expect(
      refusal(.hub, adapters)?.contains("there are 2 hubs 05e3:0610 without a serial of their own (1-1, 1-2)") == true)
    adapters[0].hubs[0].serial = "HUB7"
    adapters[1].hubs[0].serial = "HUB8"
    let slots = try SlotWriting(.hub, known: adapters).slots(prefix: "A")
    #expect(slots.map { $0.match["hub"] } == ["HUB7", "HUB8"])
    try expectOwnAdapters(slots, adapters)
  }

  @Test("count ports from the outer one of two equal hubs in a row, as many hubs are made")
  func equalHubsInARow() throws {
    let nested = [AdapterSpecimen.ft232r.adapter(in: "1-1.3", 0), AdapterSpecimen.ft232r.adapter(in: "1-1.4.2", 1)]
    let slots = try SlotWriting(.hub, known: nested).slots(prefix: "A")
    #expect(slots.map { $0.match["hubPort"] } == ["3", "4.2"])
    try expectOwnAdapters(slots, nested)
  }

  @Test("are refused where a port of one hub could be taken for that of an equal one, used or not")
  func equalHubs() {
    // The port 3 of the other hub is empty: a rule for port 3 would fit it all the same.
    let apart = [AdapterSpecimen.ft232r.adapter(in: "1-1.3", 0), AdapterSpecimen.ft232r.adapter(in: "1-2.2", 1)]
    #expect(refusal(.hub, apart)?.hasPrefix("/dev/ttyUSB0 is behind hub 1-1, ") == true)
  }

  @Test("are refused where there is nothing to bind them to")
  func refusals() {
    #expect(
      refusal(.hub, [AdapterSpecimen.ft232r.adapter(in: "1-4")])?.contains("plugged into the computer itself") == true)
    // Two buses of one controller.
    let twins = [AdapterSpecimen.ft232r.adapter(in: "1-4", 0), AdapterSpecimen.ft232r.adapter(in: "2-4", 1)]
    #expect(
      refusal(.path, twins)?.hasPrefix(
        "/dev/ttyUSB0 and /dev/ttyUSB1 have the same path pci-0000:00:14.0-usb-0:4:1.0: bind") == true)
    var nameless = AdapterSpecimen.ft232r.adapter(in: "1-4")
    nameless.path = ""
    #expect(refusal(.path, [nameless])?.hasPrefix("/dev/ttyUSB0 has no path") == true)
  }
}
