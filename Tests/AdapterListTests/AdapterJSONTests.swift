import Foundation
import MockedAdapters
import SerialLink
import Testing

@testable import AdapterList
@testable import Udev

@Suite("The JSON about adapters")
struct AdapterJSONTests {
  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("has all that is known, and leaves out what is not")
  func document() throws {
    let adapters =
      AdapterSpecimen.ft232rWithUdevd.adapters + AdapterSpecimen.ch340.plugged(into: "1-1.3", from: 1).adapters
    let holder = DeviceHolder(pid: 612, name: "ModemManager")
    let states = [NodeState(.free), NodeState(.held, problem: "held by it", holders: [holder])]
    let survey = AdapterSurvey(
      adapters: adapters, states: states, slots: try plans(#"{ "name": "A1", "match": { "serial": "A9030PXG" } }"#))
    let text = try AdapterJSON.text(survey)
    let found = try #require(try object(text)["adapters"] as? [[String: Any]])
    #expect(
      found[0].keys.sorted() == [
        "driver", "holders", "hubs", "interface", "latency", "links", "manufacturer", "megabits", "model", "node",
        "path", "port", "product", "productName", "serial", "slots", "state", "usable", "usbPort", "vendor",
        "vendorName",
      ])
    #expect(found[0]["slots"] as? [String] == ["A1"])
    #expect(found[0]["usable"] as? Bool == true)
    let hubs = try #require(found[0]["hubs"] as? [[String: String]])
    #expect(
      hubs[0] == ["name": "1-1", "vendor": "05e3", "product": "0610", "model": "USB2.1 Hub", "portBelow": "2"])
    #expect(found[1]["serial"] == nil)
    #expect(found[1]["usable"] as? Bool == false)
    #expect(found[1]["problem"] as? String == "held by it")
    #expect((found[1]["holders"] as? [[String: Any]])?.first?["pid"] as? Int == 612)
    #expect((try object(text)["slots"] as? [[String: String]]) == [["name": "A1", "node": "/dev/ttyUSB0"]])
    let tables = try #require(text.range(of: "\"adapters\"")), warnings = try #require(text.range(of: "\"warnings\""))
    #expect(tables.lowerBound < warnings.lowerBound)
  }

  @Test("has a line for each event; of an adapter that is gone it tells no state")
  func lines() throws {
    let adapter = AdapterSpecimen.mcs7840.adapters[3]
    let added = try AdapterJSON.line(
      .added(adapter), AdapterRow(adapter, state: NodeState(.free), path: adapter.portPath))
    #expect(!added.contains("\n"))
    #expect(try object(added)["event"] as? String == "added")
    let record = try #require(try object(added)["adapter"] as? [String: Any])
    #expect(record["pathRule"] as? String == "pci-0000:00:14.0-usb-0:1:1.0-port3")
    #expect(record["state"] as? String == "free")
    #expect(record["slots"] == nil)
    let removed = try object(try AdapterJSON.line(.removed(adapter), AdapterRow(adapter)))
    #expect(removed["event"] as? String == "removed")
    #expect((removed["adapter"] as? [String: Any])?["state"] == nil)
  }
}
