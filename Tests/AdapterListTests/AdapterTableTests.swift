import MockedAdapters
import SerialLink
import Testing

@testable import AdapterList
@testable import Udev

@Suite("The table of adapters")
struct AdapterTableTests {
  private static let modemManager = DeviceHolder(pid: 612, name: "ModemManager")

  @Test("shows each port in one line, and a problem under the first that has it")
  func problems() throws {
    let adapters =
      AdapterSpecimen.ft232r.plugged(into: "1-1.2", from: 0).adapters
      + AdapterSpecimen.ch340.plugged(into: "1-1.3", from: 1).adapters
      + AdapterSpecimen.cp2105.plugged(into: "1-1.4", from: 2).adapters
    let held = NodeState(
      .held, problem: "held by ModemManager (pid 612): sudo systemctl stop ModemManager", holders: [Self.modemManager])
    let refused = NodeState(.noAccess, problem: "may be opened by group dialout, and eva is not in it: add yourself")
    let survey = AdapterSurvey(
      adapters: adapters, states: [NodeState(.free), held, refused, refused],
      slots: try plans(
        #"{ "name": "A1", "match": { "serial": "A9030PXG" } }, { "name": "A2", "match": { "hubPort": "3" } },"#
          + #"{ "name": "A3", "match": { "path": "*-usb-0:9:1.0" } }"#))
    #expect(
      AdapterTable(survey, width: 100).text == """
        NODE          ID         SERIAL    WHAT              SLOT  STATE      PATH
        /dev/ttyUSB0  0403:6001  A9030PXG  FT232R USB UART   A1    free       pci-0000:00:14.0-usb-0:1.2:1.0
        /dev/ttyUSB1  1a86:7523  -         USB2.0-Ser!       A2    held       pci-0000:00:14.0-usb-0:1.3:1.0
            held by ModemManager (pid 612): sudo systemctl stop ModemManager
        /dev/ttyUSB2  10c4:ea70  00B2F1C3  CP2105 Dual USB…  -     no access  pci-0000:00:14.0-usb-0:1.4:1.0
            may be opened by group dialout, and eva is not in it: add yourself
        /dev/ttyUSB3  10c4:ea70  00B2F1C3  CP2105 Dual USB…  -     no access  pci-0000:00:14.0-usb-0:1.4:1.1

        slot A3: no adapter matches path=*-usb-0:9:1.0: plug it in; `batchdump list` shows what is there
        """)
  }

  @Test("has one line for each of 40 adapters, none wider than the terminal", arguments: [60, 80, 100, 200])
  func manyAdapters(width: Int) {
    let adapters = (0..<40).flatMap {
      AdapterSpecimen.cp2102.plugged(into: "1-\($0 / 10 + 1).\($0 % 10 + 1)", from: $0).adapters
    }
    let lines = AdapterTable(AdapterSurvey(free: adapters), width: width).text.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= width })
    let rows = lines.filter { $0.hasPrefix("/dev/") }
    #expect(rows.count == 40)
    // What is left of a path tells it from all others.
    if width >= 80 { #expect(Set(rows.map { $0.split(separator: " ").last }).count == 40) }
    #expect(lines.contains { $0.hasPrefix("40 adapters have serial 0001 (/dev/ttyUSB0, ") })
  }

  @Test("cuts a path that does not fit at its start, and nothing where there is no terminal")
  func longPath() {
    var specimen = AdapterSpecimen.ft232r.plugged(into: "1-1.3", from: 0)
    specimen.controller = .raspberry4
    let survey = AdapterSurvey(free: specimen.adapters)
    #expect(AdapterTable(survey, width: 72).text.hasSuffix("free   …:00.0-usb-0:1.3:1.0"))
    #expect(AdapterTable(survey).text.hasSuffix("  platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.3:1.0"))
  }

  @Test("adds the port's number to a path where only that tells ports apart")
  func severalPortsOnOneInterface() {
    let paths = AdapterSurvey(free: AdapterSpecimen.mcs7840.adapters).rows.map(\.path)
    #expect(paths == (0..<4).map { "pci-0000:00:14.0-usb-0:1:1.0-port\($0)" })
  }

  @Test("says what to check where there is no adapter, and which slots wait for one")
  func nothing() throws {
    let text = AdapterTable(AdapterSurvey(free: [], slots: try plans(#"{ "name": "A1", "match": { "port": "0" } }"#)))
      .text
    for word in ["lsusb", "dmesg", "modprobe", "brltty", "\n\nslot A1: no adapter matches port=0"] {
      #expect(text.contains(word))
    }
    #expect(
      AdapterTable(AdapterSurvey(free: []), width: 100).text.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test("nothing in it acts on the terminal")
  func hostileText() throws {
    var adapter = AdapterSpecimen.ft232r.adapter(in: "1-1")
    adapter.node = "/dev/tty\u{1B}[2J"
    adapter.model = "a\u{202E}b\nc"
    let state = NodeState(.held, problem: "held by x\u{9B}y\n (pid 1)")
    let text = AdapterTable(AdapterSurvey(adapters: [adapter], states: [state])).text
    #expect(text.contains("/dev/tty?[2J"))
    #expect(text.contains("a?b?c"))
    #expect(text.contains("held by x?y? (pid 1)"))
  }
}
