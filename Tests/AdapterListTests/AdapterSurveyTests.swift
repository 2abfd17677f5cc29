import MockedAdapters
import SerialLink
import Testing

@testable import AdapterList
@testable import Udev

@Suite("A survey of adapters and slots")
struct AdapterSurveyTests {
  private let twins = [AdapterSpecimen.cp2102.adapter(in: "1-1", 0), AdapterSpecimen.cp2102.adapter(in: "1-2", 1)]

  @Test("says which serials tell no adapters apart, and counts an adapter with several ports once")
  func equalSerials() {
    #expect(
      AdapterSurvey(free: twins).warnings == [
        "2 adapters have serial 0001 (/dev/ttyUSB0, /dev/ttyUSB1): bind slots to their paths, not to this serial"
      ])
    #expect(AdapterSurvey(free: AdapterSpecimen.cp2105.adapters).warnings == [])
    #expect(
      AdapterSurvey(free: [AdapterSpecimen.ch340.adapter(in: "1-1"), AdapterSpecimen.ch340.adapter(in: "1-2")]).warnings
        == [])
  }

  @Test("names every slot whose rules an adapter meets, and why such a slot has no console")
  func ambiguousSlots() throws {
    let survey = AdapterSurvey(
      free: twins,
      slots: try plans(#"{ "name": "A1", "match": { "serial": "0001" } }, { "name": "A2", "tty": "/dev/ttyUSB1" }"#))
    #expect(survey.rows.map(\.slots) == [["A1"], ["A1", "A2"]])
    #expect(survey.slots?.map(\.node) == [nil, "/dev/ttyUSB1"])
    #expect(survey.slots?[0].problem?.hasPrefix("2 adapters match serial=0001: /dev/ttyUSB0 (path pci-") == true)
    let rows = AdapterTable(survey).text.split(separator: "\n")
    #expect(rows[1].contains("  A1?     free  "))
    #expect(rows[2].contains("  A1?,A2  free  "))
    #expect(survey.warnings.count == 1)
    #expect(survey.warnings[0].hasPrefix("slot A1 asks for serial 0001, which 2 adapters have"))
  }

  @Test("leaves slots alone that need no adapter")
  func network() throws {
    let survey = AdapterSurvey(free: [], slots: try plans(#"{ "name": "B1", "link": "tcp://10.0.0.7:2001" }"#))
    #expect(survey.slots == [AdapterSurvey.Slot(name: "B1")])
  }

  @Test("knows that an adapter without a node is plugged in all the same")
  func missingNode() {
    let state = NodeState(.missing, problem: "is not there: the adapter is unplugged")
    let survey = AdapterSurvey(adapters: [twins[0]], states: [state])
    #expect(survey.rows[0].state?.problem?.hasPrefix("plugged in, but its node is not in /dev: ") == true)
  }

  @Test("tells of a suspected service once")
  func suspicion() {
    let state = NodeState(.free, suspects: [DeviceHolder(pid: 9, name: "gpsd")])
    #expect(
      AdapterSurvey(adapters: AdapterSpecimen.cp2105.adapters, states: [state, state]).warnings == [
        "gpsd (pid 9) runs and may hold adapters, which this user cannot see: sudo systemctl stop gpsd.socket gpsd"
      ])
  }

  @Test(
    "counts as people do",
    arguments: [
      ("1-1.2", "1-1.10"), ("1-9", "2-1"), ("1-1", "1-1.1"), ("/dev/ttyUSB2", "/dev/ttyUSB10"), ("1-2.9.1", "1-10.1"),
      ("ttyACM9", "ttyUSB1"), ("1-1.1", "1-1.01.1"),
    ])
  func naturalOrder(first: String, second: String) {
    #expect(NaturalOrder.isBefore(first, second))
    #expect(!NaturalOrder.isBefore(second, first))
    #expect(!NaturalOrder.isBefore(first, first))
  }
}
