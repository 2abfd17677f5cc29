import CSerial
import Foundation
import Testing

@testable import SerialLink

@Suite("A tty that cannot be had is refused with what to do", .timeLimit(.minutes(1)))
struct TTYRefusalTests {
  static func refusal(_ path: String) async -> LinkError? {
    await failure { () throws(LinkError) in try await Bench.openLink(.tty(path: path)) }
  }

  @Test("a second open names who holds the tty")
  func held() async throws {
    let (far, path) = try FarEnd.pseudoTerminal()
    let first = try await Bench.openLink(.tty(path: path))
    let refused = await Self.refusal(path)
    let name = try String(contentsOfFile: "/proc/self/comm", encoding: .utf8).split(separator: "\n").first ?? ""
    #expect(refused?.kind == .busy)
    #expect(refused?.description == "\(path) is held by \(name) (pid \(getpid())): close it, or stop it")
    // The refused one has changed nothing, and the tty is free after the first.
    #expect(cserial_get_speed(far.descriptor) == 115_200)
    await first.close()
    let second = try await Bench.openLink(.tty(path: path))
    await second.close()
    far.hangUp()
  }

  @Test("a tty that another program keeps exclusive is refused, even to root")
  func exclusive() async throws {
    let (far, path) = try FarEnd.pseudoTerminal()
    let slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    #expect(cserial_set_exclusive(slave, true) == 0)
    let holder = Process()
    holder.executableURL = URL(fileURLWithPath: "/bin/cat")
    holder.standardInput = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
    try holder.run()
    close(slave)
    var refused = await Self.refusal(path)
    // A child of this process that is just being started holds for a moment all that is open here.
    let own = try String(contentsOfFile: "/proc/self/comm", encoding: .utf8).prefix { $0 != "\n" }
    while refused?.description.contains("held by \(own)") == true { refused = await Self.refusal(path) }
    #expect(refused?.description == "\(path) is held by cat (pid \(holder.processIdentifier)): close it, or stop it")
    // Ends the holder, too: its input is at an end.
    far.hangUp()
    holder.waitUntilExit()
  }

  @Test("a mark that a killed program left behind is no holder")
  func staleMark() async throws {
    let (far, path) = try FarEnd.pseudoTerminal()
    let slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    #expect(cserial_set_exclusive(slave, true) == 0)
    close(slave)
    // Only root can open such a pty at all.
    if geteuid() == 0 {
      let link = try await Bench.openLink(.tty(path: path))
      await link.close()
    }
    far.hangUp()
  }

  @Test("an open pty bears no mark that would outlive a killed batchdump")
  func noMarkOnPseudoTerminals() async throws {
    let (far, path) = try FarEnd.pseudoTerminal()
    let link = try await Bench.openLink(.tty(path: path))
    let other = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    #expect(cserial_is_exclusive(other) == 0)
    close(other)
    await link.close()
    far.hangUp()
  }

  @Test("a lock file of a living process names it, that of a dead one counts for nothing")
  func lockFiles() throws {
    let folder = NSTemporaryDirectory() + "locks-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let own = "\(getpid())"
    let padded = String(repeating: " ", count: 10 - own.count) + own + "\n"
    let table: [(text: String, pid: Int?)] = [
      (padded, Int(getpid())), ("\(own) minicom root\n", Int(getpid())), ("4194399\n", nil), ("", nil), ("-1", nil),
      ("nonsense", nil), ("0", nil),
    ]
    for row in table {
      try row.text.write(toFile: "\(folder)/LCK..ttyUSB0", atomically: true, encoding: .utf8)
      let owner = DeviceHolder.lockFileOwner(ofNode: "/dev/ttyUSB0", in: folder)
      #expect(owner?.pid == row.pid, "lock file \(readable(bytes(row.text)))")
    }
    #expect(DeviceHolder.lockFileOwner(ofNode: "/dev/ttyUSB1", in: folder) == nil)
    // The lock file bears the node's own name, whatever link leads to it.
    try padded.write(toFile: "\(folder)/LCK..ttyUSB0", atomically: true, encoding: .utf8)
    try FileManager.default.createSymbolicLink(atPath: "\(folder)/by-path", withDestinationPath: "../../ttyUSB0")
    #expect(DeviceHolder.lockFileOwner(ofNode: "\(folder)/by-path", in: folder)?.pid == Int(getpid()))
  }

  @Test("a missing node may be an unplugged adapter")
  func missing() async throws {
    for path in ["/dev/ttyUSB-none", "/dev/null/x"] {
      let refused = await Self.refusal(path)
      #expect(refused?.kind == .notFound)
      #expect(
        refused?.description
          == "\(path) is not there: the adapter is unplugged, or has another name now; plug it in, "
          + "or look in /dev/serial/by-path for what is there")
    }
  }

  @Test(
    "what is no tty is named",
    arguments: [
      ("/proc/self/cmdline", "a regular file"), ("/tmp", "a folder"), ("/dev/null", "another kind of device"),
    ])
  func notATTY(path: String, found: String) async throws {
    let refused = await Self.refusal(path)
    #expect(refused?.kind == .notATTY)
    #expect(
      refused?.description
        == "\(path) is \(found), not a tty: give the node of a serial adapter, such as /dev/ttyUSB0")
  }

  @Test("a refusal of rights says whose they are and how to get them")
  func permission() {
    let stranger = NodeAccess(
      owner: "root", group: "dialout", groupMayOpen: true, user: "eva", isMember: false, hasGroup: false)
    var fresh = stranger
    fresh.isMember = true
    var forbidden = fresh
    forbidden.hasGroup = true
    var closed = stranger
    closed.groupMayOpen = false
    let table = [
      (
        stranger,
        "may be opened by group dialout, and eva is not in it: add yourself to group dialout: "
          + "sudo usermod -aG dialout eva, then log in again"
      ),
      (fresh, "may be opened by group dialout; eva is in it, but not yet in this session: log in again"),
      (
        forbidden,
        "refuses eva although group dialout may open it: an access list or a sandbox forbids it; see getfacl"
      ),
      (
        closed,
        "may be opened by its owner root only, not by eva: let a udev rule give it to a group "
          + "(GROUP=\"dialout\", MODE=\"0660\")"
      ),
    ]
    for (access, sentence) in table {
      let error = LinkError.permissionDenied(.tty(path: "/dev/ttyUSB0"), access)
      #expect(error.kind == .permissionDenied)
      #expect(error.description == "/dev/ttyUSB0 \(sentence)")
    }
  }

  @Test("the facts about a node are the file system's")
  func nodeFacts() throws {
    let node = try #require(DeviceNode(path: "/dev/tty"))
    #expect(node.isCharacterDevice)
    #expect(node.device.major == 5)
    #expect(node.device.minor == 0)
    let root = NodeAccess(try #require(DeviceNode(path: "/etc/passwd")))
    #expect(root.owner == "root")
    #expect(root.group == "root")
    #expect(!root.groupMayOpen)
  }

  @Test("device numbers come apart as glibc put them together")
  func deviceNumbers() {
    let table: [(raw: UInt64, major: UInt64, minor: UInt64)] = [
      (0x8800, 136, 0), (0xBC03, 188, 3), (0x10_8805, 136, 0x105),
      (0x0000_1000_0000_0000, 0x1000, 0), (0x0000_0FFF_FFF0_00FF, 0, 0xFFFF_FFFF),
    ]
    for row in table {
      #expect(DeviceNumber(raw: row.raw).major == row.major, "raw 0x\(String(row.raw, radix: 16))")
      #expect(DeviceNumber(raw: row.raw).minor == row.minor, "raw 0x\(String(row.raw, radix: 16))")
    }
  }

  @Test("who locked a file is read from the kernel's list")
  func lockers() throws {
    var node = try #require(DeviceNode(path: "/dev/tty"))
    node.fileSystem = DeviceNumber(raw: 0x0006)
    node.inode = 531
    let locks = """
      1: POSIX  ADVISORY  WRITE 700 00:06:531 0 EOF
      2: FLOCK  ADVISORY  WRITE 4242 00:06:531 0 EOF
      2: -> FLOCK  ADVISORY  WRITE 4243 00:06:531 0 EOF
      3: FLOCK  ADVISORY  WRITE 1 fe:06:531 0 EOF
      4: FLOCK  ADVISORY  WRITE 2 00:06:5310 0 EOF
      5: FLOCK  ADVISORY  WRITE -1 00:06:531 0 EOF
      6: LEASE
      """
    #expect(DeviceHolder.lockers(of: node, in: locks) == [700, 4242])
    #expect(DeviceHolder.lockers(of: node, in: "") == [])
  }

  @Test("holders are listed so that a person can act")
  func holderSentences() {
    let address = LinkAddress.tty(path: "/dev/ttyUSB0")
    let minicom = DeviceHolder(pid: 4242, name: "minicom")
    let table: [([DeviceHolder], String)] = [
      ([minicom], "/dev/ttyUSB0 is held by minicom (pid 4242): close it, or stop it"),
      (
        [minicom, DeviceHolder(pid: 7, name: "cat")],
        "/dev/ttyUSB0 is held by minicom (pid 4242) and cat (pid 7): close them, or stop them"
      ),
      (
        [],
        "/dev/ttyUSB0 is held by a process that this user may not see: find it with sudo fuser -v /dev/ttyUSB0"
      ),
    ]
    for (holders, sentence) in table {
      #expect(LinkError.busy(address, holders: holders).description == sentence)
    }
  }
}
