/// A simulated U-Boot: boots, counts down, runs commands.
///
/// Texts and behaviour are those of QEMU's arm and aarch64 boards with U-Boot 2023.01, and for older forms those of
/// U-Boot's source history.
struct UBootFirmware: Firmware {
  let options: UBootOptions
  let memory: UnitMemory
  /// The SPI NOR flash as a memory from 0 up.
  let spiFlash: UnitMemory?

  var environment: [String: String]
  /// The exit status of the last command, `$?`.
  var status = 0
  /// Whether an empty line runs the last line again.
  var isRepeatable = false
  /// Where `md` stands: what an empty line or left-out arguments continue with.
  var display = MemoryDisplay(address: 0, width: 4, remaining: 0x40)
  /// What `base` adds to all addresses.
  var addressBase: UInt64 = 0
  var isFlashSelected = false
  /// What the line of memory that is shown now holds; kept, so that not each of them needs storage of its own.
  var lineBytes: [UInt8] = []

  /// What is to be done, the next step last.
  private var steps: [UBootStep] = []
  private var mode = Mode.silent
  private var editor: UBootLineEditor
  private var lastLine: [UInt8] = []
  private var stopKeys: [UInt8] = []

  private enum Mode {
    case silent, console, login
  }

  init(options: UBootOptions, memory: UnitMemory, spiFlash: UnitMemory?) {
    self.options = options
    self.memory = memory
    self.spiFlash = spiFlash
    environment = options.environment
    editor = UBootLineEditor(capacity: options.lineBuffer)
  }

  mutating func reset(_ machine: inout Machine) {
    self = UBootFirmware(options: options, memory: memory, spiFlash: spiFlash)
    var boot: [UBootStep] = [
      .pause(Int64(options.startupDelay) * 1_000_000), .text("\n\n\(options.version)\n\n"),
      .text(options.banner.map { $0 + "\n" }.joined()),
    ]
    if options.bootDelay >= 0 {
      boot.append(.print(countdownStart()))
      boot.append(.countdown(remaining: options.bootDelay, until: 0))
    } else {
      boot.append(.console)
    }
    plan(boot)
  }

  var halfLine: String { "md.b 4020" }

  var flood: String {
    let area = memory.firstArea
    return "md.b \(padded(area.address)) \(String(min(area.size, 0x10_0000), radix: 16))\r"
  }

  mutating func resume() { plan([.console]) }

  mutating func work(_ machine: inout Machine) -> Work {
    if let step = steps.popLast() { return run(step, &machine) }
    guard let byte = machine.uart.readCharacter() else { return .waiting }
    switch mode {
    case .silent: return .done
    case .login: answerLogin(byte, &machine)
    case .console: edit(byte, &machine)
    }
    return .done
  }

  /// Puts steps before all others that are planned, those of an earlier call among them.
  mutating func plan(_ next: [UBootStep]) { steps.append(contentsOf: next.reversed()) }

  /// Puts a step before all others that are planned.
  mutating func plan(_ next: UBootStep) { steps.append(next) }

  private mutating func run(_ step: UBootStep, _ machine: inout Machine) -> Work {
    switch step {
    case .print(let bytes): machine.uart.send(bytes)
    case .pause(let length): plan([.wait(until: machine.now + length)])
    case .wait(let until):
      guard machine.now < until else { break }
      plan([step])
      return .sleeping(until: until)
    case .countdown(let remaining, let until): return count(remaining, until, &machine)
    case .console: startConsole(&machine)
    case .login: mode = .login
    case .command(let command, let isRepeat): execute(command, isRepeat: isRepeat, &machine)
    case .display(let display): show(display, &machine)
    case .poll(let rest):
      guard machine.uart.readCharacter() == Control.interrupt else {
        show(rest, &machine)
        break
      }
      // The commands behind it in the line run all the same.
      isRepeatable = false
    case .setSpeed(let speed): machine.uart.speed = speed
    case .awaitReturn:
      let byte = machine.uart.readCharacter()
      if byte != Control.carriageReturn { plan([step]) }
      return byte == nil ? .waiting : .done
    case .reset: machine.resetRequested = true
    }
    return .done
  }

  private mutating func startConsole(_ machine: inout Machine) {
    mode = .console
    machine.uart.send(options.prompt.utf8)
  }

  private mutating func edit(_ byte: UInt8, _ machine: inout Machine) {
    switch editor.take(byte, &machine.uart) {
    case .typing: break
    case .interrupted:
      isRepeatable = false
      plan([.text("<INTERRUPT>\n"), .console])
    case .line(let line): enter(line)
    }
  }

  /// An empty line runs the last one again, unless that had a command which is not to be repeated or got ctrl-C.
  private mutating func enter(_ line: [UInt8]) {
    let isRepeat = line.isEmpty
    guard !isRepeat || isRepeatable else { return plan([.console]) }
    if !isRepeat {
      lastLine = line
      isRepeatable = true
    }
    let commands = UBootScript.commands(String(decoding: lastLine, as: UTF8.self))
    plan(commands.map { .command($0, isRepeat: isRepeat) } + [.console])
  }

  private mutating func answerLogin(_ byte: UInt8, _ machine: inout Machine) {
    guard byte == Control.carriageReturn || byte == Control.lineFeed else { return machine.uart.send([byte]) }
    plan([.text("\nPassword: "), .awaitReturn, .text("\n"), .pause(1_000_000_000), .text(Self.loginRefusal), .login])
  }
}

// MARK: - Autoboot

extension UBootFirmware {
  private static let loginQuestion = "\nsimulated login: "
  private static let loginRefusal = "Login incorrect" + loginQuestion

  /// Countdown text with the count in it is printed once; otherwise the count stands behind it and is renewed.
  private var isCountRenewed: Bool { !options.countdownText.contains("%d") }

  private func countdownStart() -> [UInt8] {
    guard isCountRenewed else {
      return crlf(options.countdownText.replacing("%d", with: String(options.bootDelay)))
    }
    return options.countdown == .new
      ? renewed(options.bootDelay) : crlf(options.countdownText) + padded(options.bootDelay)
  }

  private func renewed(_ count: Int) -> [UInt8] {
    guard isCountRenewed else { return [] }
    switch options.countdown {
    case .old: return [UInt8](repeating: Control.backspace, count: 3) + padded(count)
    case .new: return [Control.escape] + Array("[2K\r\(options.countdownText)\(count)".utf8)
    }
  }

  /// printf's `%2d `.
  private func padded(_ count: Int) -> [UInt8] { Array((count < 10 ? " \(count) " : "\(count) ").utf8) }

  private mutating func count(_ remaining: Int, _ until: Nanoseconds, _ machine: inout Machine) -> Work {
    if isStopped(by: machine.uart.readCharacter()) {
      plan([.print(renewed(0)), .text("\n"), .console])
      return .done
    }
    // The first second begins when the line with the count is out.
    let until = until == 0 && remaining > 0 ? machine.now + 1_000_000_000 : until
    guard machine.now >= until else {
      plan([.countdown(remaining: remaining, until: until)])
      return machine.uart.hasReceived ? .done : .sleeping(until: until)
    }
    guard remaining > 0 else {
      plan([.text("\n")] + bootSteps)
      return .done
    }
    plan([.print(renewed(remaining - 1)), .countdown(remaining: remaining - 1, until: 0)])
    return .done
  }

  private mutating func isStopped(by key: UInt8?) -> Bool {
    guard let key else { return false }
    guard let stopKey = options.stopKey else { return true }
    stopKeys = Array((stopKeys + [key]).suffix(stopKey.utf8.count))
    return stopKeys.elementsEqual(stopKey.utf8)
  }

  private var bootSteps: [UBootStep] {
    let kernel = UBootStep.text("\nStarting kernel ...\n\n")
    switch options.afterBoot {
    case .silence: return [kernel]
    case .login:
      return [kernel, .text("[    0.000000] Booting Linux on physical CPU 0x0\n"), .text(Self.loginQuestion), .login]
    case .prompt: return [.text("fatal: no kernel available\nCommand 'load' failed: Error 1\n"), .console]
    }
  }
}
