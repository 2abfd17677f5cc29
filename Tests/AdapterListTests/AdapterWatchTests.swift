import DumpManifest
import MockedAdapters
import SerialLink
import Testing

@testable import AdapterList
@testable import Udev

@Suite("Adapters that come and go")
struct AdapterWatchTests {
  private let adapter = AdapterSpecimen.cp2102.adapter(in: "1-1.2", 3)

  private func lines(
    _ watch: AdapterWatch, _ events: [AdapterEvent], _ state: NodeState = NodeState(.free)
  ) -> [String] {
    var watch = watch
    return events.compactMap { watch.take($0) { _ in state } }.map { $0.event.line($0.row, at: "15:04:05") }
  }

  @Test("are told in a line each, with their slots")
  func told() throws {
    let slots = try plans(#"{ "name": "A3", "match": { "path": "*-usb-0:1.2:1.0" } }"#)
    let watch = AdapterWatch(knowing: [], slots: slots)
    let rest = "/dev/ttyUSB3  10c4:ea60 0001  path pci-0000:00:14.0-usb-0:1.2:1.0 (slot A3)"
    let found = lines(watch, [.added(adapter), .changed(adapter), .removed(adapter)])
    #expect(found == ["15:04:05 + \(rest)", "15:04:05 ~ \(rest)", "15:04:05 - \(rest)"])
  }

  @Test("are told with the state that keeps them from use")
  func problem() {
    let state = NodeState(.noAccess, problem: "may be opened by root")
    let found = lines(AdapterWatch(knowing: [], slots: nil), [.added(adapter), .removed(adapter)], state)
    let rest = "/dev/ttyUSB3  10c4:ea60 0001  path pci-0000:00:14.0-usb-0:1.2:1.0"
    #expect(found == ["15:04:05 + \(rest); no access", "15:04:05 - \(rest)"])
  }

  @Test("are not told twice: what the table has shown is known, until it is pulled or another")
  func known() {
    var other = adapter
    other.links = ["/dev/console-a"]
    let signs = { (events: [AdapterEvent]) in
      lines(AdapterWatch(knowing: [adapter], slots: nil), events).map { Array($0)[9] }
    }
    #expect(signs([.added(adapter)]) == [])
    #expect(signs([.added(other)]) == ["~"])
    #expect(signs([.added(adapter), .removed(adapter), .added(adapter)]) == ["-", "+"])
    #expect(signs([.removed(AdapterSpecimen.ch340.adapter(in: "1-9"))]) == [])
  }
}
