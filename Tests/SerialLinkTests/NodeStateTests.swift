import CSerial
import Foundation
import Testing

@testable import SerialLink

@Suite("The state of a node, found without opening it", .timeLimit(.minutes(1)))
struct NodeStateTests {
  private static let tty = DeviceNode(path: "/dev/tty")
  private static let stranger = NodeAccess(
    owner: "root", group: "dialout", groupMayOpen: true, user: "eva", isMember: false, hasGroup: false)

  /// A pty whose slave a child process holds as its input; the child ends with the pty.
  private func held(by name: String, _ path: String) throws -> Process {
    let slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    defer { close(slave) }
    let holder = Process()
    holder.executableURL = URL(fileURLWithPath: name)
    holder.standardInput = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
    holder.standardOutput = FileHandle.nullDevice
    try holder.run()
    return holder
  }

  @Test("a tty that nobody has is free, and that of a child names it")
  func heldAndFree() throws {
    let (far, path) = try FarEnd.pseudoTerminal()
    let (other, otherPath) = try FarEnd.pseudoTerminal()
    let holder = try held(by: "/bin/cat", path)
    let states = NodeState.of(paths: [otherPath, path])
    #expect(states[0].standing == .free)
    #expect(states[0].problem == nil)
    #expect(states[1].standing == .held)
    let cat = DeviceHolder(pid: Int(holder.processIdentifier), name: "cat")
    #expect(states[1].holders == [cat])
    #expect(states[1].problem == "held by \(cat): close it, or stop it")
    #expect(NodeState.of(path: path) == states[1])
    far.hangUp()
    holder.waitUntilExit()
    other.hangUp()
  }

  @Test("a link leads to the node's state")
  func link() throws {
    let (far, path) = try FarEnd.pseudoTerminal()
    let holder = try held(by: "/bin/cat", path)
    let link = NSTemporaryDirectory() + "by-path-\(UUID().uuidString)"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    #expect(NodeState.of(path: link).holders.map(\.pid) == [Int(holder.processIdentifier)])
    try FileManager.default.removeItem(atPath: link)
    far.hangUp()
    holder.waitUntilExit()
  }

  @Test("what is not there, or is no tty, is told as opening would tell it")
  func noTTY() {
    let missing = NodeState.of(path: "/dev/ttyUSB-none")
    #expect(missing.standing == .missing)
    #expect(missing.problem?.hasPrefix("is not there: the adapter is unplugged") == true)
    let folder = NodeState.of(path: "/tmp")
    #expect(folder.standing == .notATTY)
    #expect(folder.problem == "is a folder, not a tty: give the node of a serial adapter, such as /dev/ttyUSB0")
  }

  @Test("missing rights say whose they are, even where another has the tty as well")
  func noAccess() throws {
    let node = try #require(Self.tty)
    let minicom = DeviceHolder(pid: 4242, name: "minicom")
    let state = NodeState(node, at: "/dev/ttyUSB0", refusedBy: Self.stranger, holders: [minicom])
    #expect(state.standing == .noAccess)
    #expect(state.problem == Self.stranger.refusal)
    #expect(state.holders == [minicom])
  }

  @Test(
    "services that take adapters unasked are told how to keep away",
    arguments: [
      ("ModemManager", "sudo systemctl stop ModemManager, or install the udev rules (make install-service)"),
      ("brltty", "if nobody here reads with a braille display, sudo systemctl mask --now brltty brltty-udev"),
      ("gpsd", "sudo systemctl stop gpsd.socket gpsd"),
      ("minicom", "close it, or stop it"),
    ])
  func services(name: String, remedy: String) throws {
    let holder = DeviceHolder(pid: 612, name: name)
    let state = NodeState(try #require(Self.tty), at: "/dev/ttyUSB0", refusedBy: nil, holders: [holder])
    #expect(state.standing == .held)
    #expect(state.problem == "held by \(name) (pid 612): \(remedy)")
    #expect(
      LinkError.busy(.tty(path: "/dev/x"), holders: [holder]).message == "is held by \(name) (pid 612): \(remedy)")
  }

  @Test("a service whose files cannot be seen is suspected, not accused")
  func suspects() {
    let state = NodeState(.free, suspects: [DeviceHolder(pid: 612, name: "ModemManager")])
    #expect(
      state.suspicion
        == "ModemManager (pid 612) runs and may hold adapters, which this user cannot see: "
        + "sudo systemctl stop ModemManager, or install the udev rules (make install-service)")
    #expect(NodeState(.free).suspicion == nil)
  }
}
