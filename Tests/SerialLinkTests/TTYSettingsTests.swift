import CSerial
import Glibc
import Testing

@testable import SerialLink

@Suite("A tty is set as asked and given back as found", .timeLimit(.minutes(1)))
struct TTYSettingsTests {
  /// How the far end sees the line.
  static func line(_ far: FarEnd) throws -> cserial_line {
    var line = cserial_line()
    let result = cserial_get_line(far.descriptor, &line)
    guard result == 0 else { throw SystemFailure(call: "cserial_get_line", code: -result) }
    return line
  }

  static func settings(_ far: FarEnd) throws -> [UInt8] {
    var settings = cserial_settings()
    let result = cserial_get_settings(far.descriptor, &settings)
    guard result == 0 else { throw SystemFailure(call: "cserial_get_settings", code: -result) }
    return withUnsafeBytes(of: settings) { Array($0) }
  }

  @Test("nothing that comes is echoed")
  func noEcho() async throws {
    let (far, path) = try FarEnd.pseudoTerminal()
    #expect(try Self.line(far).echoes, "a fresh tty echoes: that is what opening must end")
    let link = try await Bench.openLink(.tty(path: path))
    let bench = Bench(link: link, far: far)
    try await far.write(bytes("Hit any key to stop autoboot: 2\r\n\u{03}\u{11}\u{13}\u{1A}"))
    #expect(readable(try await bench.receive(37)) == "Hit any key to stop autoboot: 2\\r\\n\\x03\\x11\\x13\\x1a")
    try await link.send(bytes("md 0\n"))
    #expect(readable(try await far.read(5)) == "md 0\\n")
    #expect(readable(try far.readWhatIsThere()) == "")
    await bench.close()
  }

  @Test("what came before the opening is thrown away")
  func staleInput() async throws {
    let (far, path) = try FarEnd.pseudoTerminal()
    try await far.write(bytes("stale\n"))
    // The echo tells that the kernel has taken the line in.
    #expect(readable(try await far.read(7)) == "stale\\r\\n")
    let bench = Bench(link: try await Bench.openLink(.tty(path: path)), far: far)
    try await far.write(bytes("fresh"))
    #expect(readable(try await bench.receive(5)) == "fresh")
    await bench.close()
  }

  @Test("any speed is set", arguments: [300, 9600, 57_600, 115_200, 250_000, 921_600, 1_843_200, 3_000_000])
  func speeds(speed: Int) async throws {
    let (far, path) = try FarEnd.pseudoTerminal()
    let link = try await Bench.openLink(.tty(path: path), LineSettings(speed: speed))
    #expect(link.speed == speed)
    let line = try Self.line(far)
    #expect(Int(line.output_speed) == speed)
    #expect(Int(line.input_speed) == speed)
    #expect(Int(cserial_get_speed(far.descriptor)) == speed)
    #expect(!line.echoes && !line.edits)
    await link.close()
    far.hangUp()
  }

  @Test("the speed changes on an open link, and bytes go on")
  func setSpeed() async throws {
    let bench = try await Bench.open(.tty)
    for speed in [250_000, 9600, 1_500_000] {
      try await bench.link.setSpeed(speed)
      #expect(bench.link.speed == speed)
      #expect(Int(cserial_get_speed(bench.far.descriptor)) == speed)
      try await bench.link.send(bytes("ok"))
      #expect(readable(try await bench.far.read(2)) == "ok")
    }
    await bench.close()
  }

  @Test("a speed that cannot be is refused and the old one stays", arguments: [0, -9600, 1 << 32])
  func impossibleSpeed(speed: Int) async throws {
    let bench = try await Bench.open(.tty)
    let refused = await failure { () throws(LinkError) in try await bench.link.setSpeed(speed) }
    #expect(refused?.kind == .unsupported)
    #expect(refused?.message == "cannot be set to \(speed) baud: a speed is from 1 to 4294967295")
    #expect(bench.link.speed == 115_200)
    #expect(cserial_get_speed(bench.far.descriptor) == 115_200)
    await bench.close()
    let (far, path) = try FarEnd.pseudoTerminal()
    let unopened = await failure { () throws(LinkError) in
      try await Bench.openLink(.tty(path: path), LineSettings(speed: speed))
    }
    #expect(unopened?.kind == .unsupported)
    far.hangUp()
  }

  @Test("framing becomes the kernel's flags", arguments: [5, 6, 7, 8], LineSettings.Parity.allCases)
  func framing(dataBits: Int, parity: LineSettings.Parity) throws {
    let sign = try #require(parity.rawValue.utf8.first)
    for stopBits in 1...2 {
      let flags = cserial_framing_flags(Int32(dataBits), CChar(sign), Int32(stopBits))
      // From asm-generic/termbits.h, where these are octal.
      #expect(Int(flags & 0o60) == (dataBits - 5) << 4, "CSIZE")
      #expect(flags & 0o100 == (stopBits == 2 ? 0o100 : 0), "CSTOPB")
      #expect(flags & 0o200 == 0o200, "CREAD")
      #expect(flags & 0o400 == (parity == .none ? 0 : 0o400), "PARENB")
      #expect(flags & 0o1000 == (parity == .odd ? 0o1000 : 0), "PARODD")
      #expect(flags & 0o4000 == 0o4000, "CLOCAL")
      #expect(flags & 0o20_000_000_000 == 0, "CRTSCTS")
    }
  }

  @Test("7E1 opens on a pty, which frames nothing, and 8N2 is seen at its other end")
  func framingOnPseudoTerminal() async throws {
    for settings in [
      LineSettings(speed: 9600, dataBits: 7, parity: .even), LineSettings(speed: 9600, stopBits: 2),
    ] {
      let (far, path) = try FarEnd.pseudoTerminal()
      let link = try await Bench.openLink(.tty(path: path), settings)
      #expect(Int(try Self.line(far).stop_bits) == settings.stopBits)
      await link.close()
      far.hangUp()
    }
  }

  @Test("a framing that does not exist is refused", arguments: [(4, 1), (9, 1), (8, 0), (8, 3)])
  func badFraming(dataBits: Int, stopBits: Int) async throws {
    let (far, path) = try FarEnd.pseudoTerminal()
    let before = try Self.settings(far)
    let refused = await failure { () throws(LinkError) in
      try await Bench.openLink(.tty(path: path), LineSettings(speed: 9600, dataBits: dataBits, stopBits: stopBits))
    }
    #expect(refused?.message == "cannot be set to \(dataBits)N\(stopBits): data bits are 5 to 8, stop bits 1 or 2")
    #expect(try Self.settings(far) == before)
    // Nor is the tty left locked.
    let link = try await Bench.openLink(.tty(path: path))
    await link.close()
    far.hangUp()
  }

  @Test("the original settings are back after close")
  func restored() async throws {
    let (far, path) = try FarEnd.pseudoTerminal()
    #expect(cserial_set_speed(far.descriptor, 38_400) == 0)
    let before = try Self.settings(far)
    let link = try await Bench.openLink(.tty(path: path), LineSettings(speed: 250_000, stopBits: 2))
    #expect(try Self.settings(far) != before)
    try await link.setSpeed(1_000_000)
    await link.close()
    #expect(try Self.settings(far) == before)
    far.hangUp()
  }

  @Test("a link that nobody closed gives its tty back when it is forgotten")
  func forgotten() async throws {
    let (far, path) = try FarEnd.pseudoTerminal()
    let before = try Self.settings(far)
    var link: Link? = try await Bench.openLink(.tty(path: path), LineSettings(speed: 250_000))
    #expect(link?.speed == 250_000)
    let closed = link?.wire.channel.closeFuture
    link = nil
    try await closed?.get()
    #expect(try Self.settings(far) == before)
    far.hangUp()
  }

  @Test("a pty takes a break, and says that it has no modem lines")
  func lineSignals() async throws {
    let bench = try await Bench.open(.tty)
    try await bench.link.sendBreak()
    let refused = await failure { () throws(LinkError) in try await bench.link.setModemLines(dtr: false, rts: true) }
    #expect(refused?.kind == .unsupported)
    #expect(refused?.message.hasPrefix("cannot switch DTR or RTS: the driver answers ") == true)
    await bench.close()
  }

  @Test("after a hangup the line is gone, and closing still works")
  func lineAfterHangup() async throws {
    let bench = try await Bench.open(.tty)
    bench.far.hangUp()
    let gone = await failure { () throws(LinkError) in try await bench.link.setSpeed(9600) }
    #expect(gone?.kind == .hungUp)
    await bench.link.close()
    let closed = await failure { () throws(LinkError) in try await bench.link.setSpeed(9600) }
    #expect(closed == .closed(bench.link.address))
  }
}
