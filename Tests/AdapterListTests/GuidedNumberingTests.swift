import MockedAdapters
import Testing

@testable import AdapterList
@testable import Udev

@Suite("Numbering sockets by plugging adapters in")
struct GuidedNumberingTests {
  private let first = AdapterSpecimen.ft232r.adapter(in: "1-3", 0)
  private let second = AdapterSpecimen.cp2102.adapter(in: "1-1", 1)
  private let quad = AdapterSpecimen.ft4232h.plugged(into: "1-2", from: 2).adapters

  private func numbering(plugged: [Adapter] = [], _ events: [AdapterEvent]) -> (GuidedNumbering, [GuidedNumbering.Note])
  {
    var numbering = GuidedNumbering(prefix: "A", plugged: plugged)
    let notes = events.flatMap { numbering.take($0) }
    return (numbering, notes)
  }

  private func nodes(_ numbering: GuidedNumbering) -> [String] {
    numbering.slots.map { "\($0.name) \($0.adapter.node.dropFirst("/dev/tty".count))" }
  }

  @Test("names them in the order of plugging")
  func order() {
    let (result, notes) = numbering([.added(first), .added(second)])
    #expect(nodes(result) == ["A1 USB0", "A2 USB1"])
    #expect(notes == [.named(slot: "A1", first), .named(slot: "A2", second)])
    #expect(notes[0].description == "A1: /dev/ttyUSB0  0403:6001 A9030PXG  path pci-0000:00:14.0-usb-0:3:1.0")
    #expect(result.prompt == "Plug the adapter for slot A3 into its socket now (Enter ends): ")
  }

  @Test("leaves out what was plugged in before, until it is plugged in again")
  func earlier() {
    let (before, none) = numbering(plugged: [first] + quad, [.added(first), .changed(first)])
    #expect(none == [])
    #expect(before.introduction.contains("The 2 adapters that are plugged in already get no names"))
    let (after, notes) = numbering(plugged: [first], [.added(first), .removed(first), .added(first)])
    #expect(notes == [.named(slot: "A1", first)])
    #expect(after.known == [first])
  }

  @Test("gives an adapter's ports names in the order of its interfaces, however they come")
  func severalPorts() {
    let (result, _) = numbering([.added(first)] + [2, 0, 3, 1].map { .added(quad[$0]) } + [.added(second)])
    #expect(nodes(result) == ["A1 USB0", "A2 USB2", "A3 USB3", "A4 USB4", "A5 USB5", "A6 USB1"])
  }

  @Test("tells of names that a late port has changed")
  func latePort() {
    let (result, notes) = numbering([.added(quad[1]), .added(first), .added(quad[0])])
    #expect(nodes(result) == ["A1 USB2", "A2 USB3", "A3 USB0"])
    #expect(
      notes.suffix(3) == [
        .named(slot: "A1", quad[0]), .renamed(from: "A1", to: "A2", quad[1]), .renamed(from: "A2", to: "A3", first),
      ])
  }

  @Test("undoes the last when it is pulled, with all its ports at once")
  func undo() {
    let (result, notes) = numbering(
      [.added(first)] + quad.map { .added($0) } + quad.map { .removed($0) } + [.added(second)])
    #expect(nodes(result) == ["A1 USB0", "A2 USB1"])
    #expect(notes[5] == .undone(slots: ["A2", "A3", "A4", "A5"]))
    #expect(notes.count == 7)
  }

  @Test("keeps the names of earlier sockets, and says so when one is used again")
  func keptSocket() {
    // Another adapter, with another node, in the same socket.
    let again = AdapterSpecimen.cp2102.adapter(in: "1-3", 9)
    let (result, notes) = numbering([.added(first), .added(second), .removed(first), .added(again)])
    #expect(nodes(result) == ["A1 USB0", "A2 USB1"])
    #expect(notes.suffix(2) == [.kept(slots: ["A1"]), .known(slot: "A1", again)])
    #expect(notes[3].description == "A1 is this socket's name already (/dev/ttyUSB9); nothing changes")
  }

  @Test("takes over what has changed about an adapter")
  func change() {
    var renamed = first
    renamed.node = "/dev/ttyUSB7"
    let (result, notes) = numbering([.added(first), .changed(renamed)])
    #expect(nodes(result) == ["A1 USB7"])
    #expect(notes.count == 1)
  }

  @Test("tells no hostile text to the terminal")
  func hostileText() {
    var hostile = first
    hostile.serial = "\u{1B}[2J"
    #expect(GuidedNumbering.Note.named(slot: "A1", hostile).description.contains("0403:6001 ?[2J"))
  }
}
