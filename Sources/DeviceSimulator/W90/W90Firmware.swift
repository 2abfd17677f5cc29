/// A simulated W90 boot loader.
///
/// Behaviour and texts are those of Winbond's public 710bootloader sources (`sh.c`, `command.c`) and of boot logs of
/// cameras (computersolutions.cn, grenville.wordpress.com, openipcam.com).
struct W90Firmware: Firmware {
  let options: W90Options
  let memory: UnitMemory

  /// Where `d` without an address goes on.
  var displayAddress: UInt32 = 0
  /// Set when an access failed; told before the next prompt (`ExceptionCheck`).
  var dataAborted = false

  private var steps: [W90Step] = []
  private var mode = Mode.silent
  private var editor = W90LineEditor()

  private enum Mode {
    case silent, console
  }

  init(options: W90Options, memory: UnitMemory) {
    self.options = options
    self.memory = memory
  }

  mutating func reset(_ machine: inout Machine) {
    self = W90Firmware(options: options, memory: memory)
    plan([
      .pause(Int64(options.startupDelay) * 1_000_000), .openPort, .text(bootText),
      .text("Press ESC to enter debug mode "),
      .escapeWindow(left: Self.windowSteps, until: 0),
    ])
  }

  var halfLine: String { "d -s 0x7F0" }

  /// A command shows 256 bytes, so many wait one behind the other.
  var flood: String { "d \(hex(options.flashBase.value))\r" + String(repeating: "d\r", count: 1000) }

  mutating func resume() { plan([.console]) }

  mutating func work(_ machine: inout Machine) -> Work {
    if let step = steps.popLast() { return run(step, &machine) }
    guard let byte = machine.uart.readCharacter() else { return .waiting }
    if mode == .console, let line = editor.take(byte, &machine.uart) { enter(line, &machine) }
    return .done
  }

  /// Puts steps before all others that are planned, those of an earlier call among them.
  mutating func plan(_ next: [W90Step]) { steps.append(contentsOf: next.reversed()) }

  private mutating func run(_ step: W90Step, _ machine: inout Machine) -> Work {
    switch step {
    case .print(let bytes): machine.uart.send(bytes)
    case .pause(let length): plan([.wait(until: machine.now + length)])
    case .wait(let until):
      guard machine.now < until else { break }
      plan([step])
      return .sleeping(until: until)
    case .escapeWindow(let left, let until): return waitForEscape(left, until, &machine)
    case .console: startConsole(&machine)
    case .display(let display): show(display, &machine)
    case .openPort: machine.uart.clear()
    case .setSpeed(let speed): machine.uart.speed = speed
    case .reset: machine.resetRequested = true
    }
    return .done
  }

  private mutating func startConsole(_ machine: inout Machine) {
    if dataAborted { machine.uart.send("ERROR: Data Abort @ pc=0x0000d4f8\n\r".utf8) }
    dataAborted = false
    mode = .console
    machine.uart.send(W90LineEditor.prompt.utf8)
  }

  /// A line is a command unless it begins with its end; an empty one only brings the prompt again.
  private mutating func enter(_ line: [UInt8], _ machine: inout Machine) {
    plan([.console])
    guard line.first != Control.lineFeed else { return }
    plan([.text("\n")])
    let separators: Set<Character> = [" ", "\t", "\n"]
    let words = String(decoding: line, as: UTF8.self)
      .split(omittingEmptySubsequences: false) { separators.contains($0) }
    // A blank at the start of the line makes the loader's first word empty, and it knows no such command.
    let name = words.first.map(String.init) ?? ""
    execute([name] + words.dropFirst().filter { !$0.isEmpty }.map(String.init), &machine)
  }
}

/// A piece of what the loader is going to do next.
enum W90Step: Sendable {
  case print([UInt8])
  case pause(Nanoseconds)
  case wait(until: Nanoseconds)
  /// Half a second in which ESC is waited for, then a dot.
  case escapeWindow(left: Int, until: Nanoseconds)
  /// Prints the prompt and reads a line.
  case console
  case display(W90Display)
  case setSpeed(Int)
  /// Sets the port up; what arrived before that, nobody received.
  case openPort
  case reset

  /// Text as the loader's `uputchar` sends it: each line feed followed by a CR.
  static func text(_ text: String) -> W90Step {
    .print(text.utf8.flatMap { $0 == Control.lineFeed ? [$0, Control.carriageReturn] : [$0] })
  }
}

// MARK: - Boot

extension W90Firmware {
  /// Half seconds that the loader waits for ESC.
  private static let windowSteps = 6

  private var bootText: String {
    """
    \n\(options.banner)
    Memory Size is 0x\(String(options.memorySize.value, radix: 16)) Bytes, Flash Size is \
    0x\(String(options.flashSize.value, radix: 16)) Bytes
    Board designed by Winbond
    Hardware support provided at Winbond
    Copyright (c) Winbond Limited 2001 - 2006. All rights reserved.
    \(configuration)
    For help on the available commands type 'h'


    """
  }

  /// What the boot text and `set` tell of the loader's settings.
  var configuration: String {
    """
    Boot Loader Configuration:

    \tMAC Address         : \(options.macAddress)
    \tIP Address          : 0.0.0.0
    \tDHCP Client         : Enabled
    \tCACHE               : Enabled
    \tBL buffer base      : 0x00300000
    \tBL buffer size      : 0x00100000
    \tBaud Rate           : -1
    \tUSB Interface       : Disabled
    \tSerial Number       : 0x\(padded(options.serialNumber, upper: true))

    """
  }

  private mutating func waitForEscape(_ left: Int, _ until: Nanoseconds, _ machine: inout Machine) -> Work {
    guard left > 0 else {
      plan([.text("\n")] + startImages())
      return .done
    }
    guard until > 0 else {
      plan([.escapeWindow(left: left, until: machine.now + 500_000_000)])
      return .done
    }
    // The loader looks for a key only when the half second is over.
    guard machine.now >= until else {
      plan([.escapeWindow(left: left, until: until)])
      return .sleeping(until: until)
    }
    switch machine.uart.readCharacter() {
    case Control.escape, UInt8(ascii: "B"): plan([.text("\n\n"), .console])
    default: plan([.text("."), .escapeWindow(left: left - 1, until: 0)])
    }
    return .done
  }

  private func startImages() -> [W90Step] {
    let footers = imageFooters()
    let processing = footers.map { "Processing image \($0.number) ...\n" }.joined()
    guard let kernel = footers.first(where: { $0.type & 4 != 0 }) else {
      return [.text("Cache enabled!\n\(processing)\n\n"), .console]
    }
    return [
      .text("Cache enabled!\n\(processing)Unzip image \(kernel.number) ...\nExecuting image \(kernel.number) ...\n"),
      .text("Linux version 2.4.20-uc0 (root@simulator) (gcc version 3.0) #1\n"),
    ]
  }
}
