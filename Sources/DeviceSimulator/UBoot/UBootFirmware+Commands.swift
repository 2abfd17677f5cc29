extension UBootFirmware {
  /// Runs one command of a line.
  mutating func execute(_ command: String, isRepeat: Bool, _ machine: inout Machine) {
    let words = UBootScript.words(command) { name in
      name == "?" ? String(status) : environment[name] ?? ""
    }
    guard let first = words.first else { return }
    machine.counters.commandsRun += 1
    let name = first.split(separator: ".", omittingEmptySubsequences: false).first.map(String.init) ?? ""
    guard let known = UBootCommand(rawValue: name), options.commands.contains(known) else {
      return fail("Unknown command '\(first)' - try 'help'\n")
    }
    isRepeatable = isRepeatable && known.isRepeatable
    status = 0
    guard words.count <= known.maximumWords else { return usage(known) }
    run(known, words, isRepeat: isRepeat, &machine)
  }

  private mutating func run(_ command: UBootCommand, _ words: [String], isRepeat: Bool, _ machine: inout Machine) {
    switch command {
    case .md: displayMemory(words, isRepeat: isRepeat)
    case .crc32, .md5sum, .sha1sum, .hash: digest(command, words, &machine)
    case .sf: spiFlash(words)
    case .printenv: printEnvironment(words)
    case .setenv: setEnvironment(words, &machine)
    case .base: setBase(words)
    case .mw: writeMemory(words)
    case .cmp: compareMemory(words, &machine)
    case .help: help(words)
    case .echo: echo(words)
    case .bdinfo: plan([.text(boardInformation)])
    case .version:
      plan([.text("\(options.version)\n\n"), .text(options.toolchain.map { $0 + "\n" }.joined())])
    case .reset: plan([.text("resetting ...\n"), .reset])
    }
  }

  /// Ends a command with status 1 and perhaps a message.
  mutating func fail(_ message: String = "") {
    status = 1
    plan([.text(message)])
  }

  /// Ends a command with its usage text.
  mutating func usage(_ command: UBootCommand) {
    status = 1
    plan([.text(command.usageText)])
  }

  private mutating func help(_ words: [String]) {
    guard words.count > 1 else {
      let list = UBootCommand.allCases.filter(options.commands.contains).map { command in
        command.rawValue.padding(to: 10) + "- \(command.summary)\n"
      }
      return plan([.text(list.joined())])
    }
    for word in words.dropFirst().reversed() {
      if let command = UBootCommand(rawValue: word), options.commands.contains(command) {
        plan([.text(command.usageText)])
      } else {
        fail("Unknown command '\(word)' - try 'help' without arguments for list of all known commands\n\n")
      }
    }
  }

  private mutating func echo(_ words: [String]) {
    let hasNewline = words.dropFirst().first != "-n"
    let text = words.dropFirst(hasNewline ? 1 : 2).joined(separator: " ")
    plan([.text(text + (hasNewline ? "\n" : ""))])
  }

  private mutating func setBase(_ words: [String]) {
    if words.count > 1 { addressBase = address(words[1]) }
    plan([.text("Base Address: 0x\(padded(addressBase))\n")])
  }

  /// What `bdinfo` tells of memory and line, in the words of 2023.01.
  private var boardInformation: String {
    let start = address(environment["loadaddr"] ?? "0") & ~0xFFFFF
    let rate = environment["baudrate"] ?? "115200"
    return """
      boot_params = 0x00000000
      DRAM bank   = 0x00000000
      -> start    = 0x\(padded(start))
      -> size     = 0x08000000
      baudrate    = \(rate) bps
      relocaddr   = 0x\(padded(start + 0x7F0_0000))
      Build       = \(options.addressWidth)-bit
      current eth = unknown
      ethaddr     = \(environment["ethaddr"] ?? "(not set)")
      IP addr     = <NULL>

      """
  }
}

// MARK: - Numbers

extension UBootFirmware {
  /// A number as U-Boot reads it: hexadecimal with or without `0x`, up to the first character that is no digit.
  func number(_ word: String) -> UInt64 {
    let lower = word.lowercased()
    let digits = lower.hasPrefix("0x") ? lower.dropFirst(2) : Substring(lower)
    return digits.utf8.reduce(into: (value: UInt64(0), isOpen: true)) { result, character in
      guard result.isOpen, let digit = Character(UnicodeScalar(character)).hexDigitValue else {
        result.isOpen = false
        return
      }
      result.value = result.value << 4 | UInt64(digit)
    }.value
  }

  /// A number cut to the width of the CPU's addresses.
  func address(_ word: String) -> UInt64 { masked(number(word)) }

  /// `address` as the CPU would hold it.
  func masked(_ address: UInt64) -> UInt64 { options.addressWidth == 32 ? address & 0xFFFF_FFFF : address }

  /// `%08lx`.
  func padded(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }
}

extension String {
  /// The text with blanks behind it up to `width` characters.
  func padding(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }
}
