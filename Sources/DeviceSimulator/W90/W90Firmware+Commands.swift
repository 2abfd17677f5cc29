extension W90Firmware {
  /// Commands simulated here, with the loader's help texts in its order.
  private static let commands: [(name: String, help: String)] = [
    ("H", "Display the available commands"), ("B", "Set Baud Rate"), ("D", "Display memory. D -? for help"),
    ("LS", "List the images in the flash"), ("SET", "Setting boot loader configuration. SET -? for help"),
    ("CHK", "Check the flash"), ("BOOT", "Reboot the system"), ("CACHE", "Cache setting"),
    ("INTF", "Print bootloader supported interface, ether USB or MAC"),
  ]

  private static let baudRates = [
    1200, 2400, 4800, 9600, 14400, 19200, 28800, 38400, 57600, 115_200, 230_400, 460_800,
  ]

  /// Runs a command; upper and lower case are the same to the loader.
  mutating func execute(_ words: [String], _ machine: inout Machine) {
    machine.counters.commandsRun += 1
    switch words[0].uppercased() {
    case "H": help()
    case "B": setBaudRate(words)
    case "D": display(words)
    case "LS": listImages()
    case "SET": plan([.text(configuration)])
    case "CHK": checkImages(words)
    case "BOOT": plan([.text("\nRebooting the system ...\n"), .reset])
    case "CACHE": plan([.text("Cache is enabled\n")])
    case "INTF": plan([.text("MAC\n")])
    default: plan([.text("ERROR: unrecognised command\n")])
    }
  }

  private mutating func help() {
    let list = Self.commands.map { $0.name.padding(to: 8) + " \($0.help)\n" }.joined()
    plan([.text("\n\(options.shellBanner)\n\n\(list)")])
  }

  /// `b RATE`: the new rate is in force at once, without a word.
  private mutating func setBaudRate(_ words: [String]) {
    guard words.count == 2 else {
      let rates = Self.baudRates.map(String.init).joined(separator: ",")
      return plan([.text("Invalid number of arguments\n[\(rates)]\n")])
    }
    guard let rate = Int(words[1]) else { return plan([.text("Invalid number - \(words[1])\n")]) }
    guard Self.baudRates.contains(rate) else { return plan([.text("Unsupported speed.\n")]) }
    plan([.setSpeed(Self.portSpeed(rate))])
  }

  /// What the port's divisor makes of a rate: its clock is 15 MHz, so 115200 is 117187 in truth.
  static func portSpeed(_ rate: Int) -> Int {
    let sixteenth = 15_000_000 / 16
    return sixteenth / max(1, (sixteenth + rate / 2) / rate)
  }

  /// `%08x` or `%08X`.
  func padded(_ number: UInt32, upper: Bool = false) -> String {
    let digits = String(number, radix: 16, uppercase: upper)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}

// MARK: - Images

extension W90Firmware {
  /// The footers at the ends of the flash's blocks, in the order of their addresses.
  func imageFooters() -> [ImageFooter] {
    let blockSize = UInt64(CameraFlash.blockSize)
    return stride(from: blockSize, through: options.flashSize.value, by: Int(blockSize)).compactMap { end in
      let place = options.flashBase.value + end - UInt64(ImageFooter.size)
      return memory.bytes(at: place, count: ImageFooter.size).flatMap(ImageFooter.init)
    }
  }

  private mutating func listImages() {
    let lines = imageFooters().map { footer in
      let letters = ImageFooter.typeLetters.filter { footer.type & $0.bit != 0 }.map(\.letter)
      return "Image:\(footer.number < 10 ? " " : "")\(footer.number) name:\(footer.name) base:0x\(padded(footer.base)) "
        + "size:0x\(padded(footer.length)) exec:0x\(padded(footer.exec)) -\(String(letters))\n"
    }
    plan([.text(lines.isEmpty ? "No image found!\n" : lines.joined())])
  }

  /// `chk [n]`: sums images anew and compares with their footers.
  private mutating func checkImages(_ words: [String]) {
    let footers = imageFooters().filter { words.count < 2 || String($0.number) == words[1] }
    let wrong = footers.filter { footer in
      let bytes = memory.bytes(at: UInt64(footer.base), count: Int(footer.length)) ?? []
      return ImageFooter.checksum(bytes) != footer.imageChecksum
    }
    let errors = wrong.map { "ERROR: Image \($0.number) checksum error found !\n" }.joined()
    plan([.text(errors + "Image check finished. \(wrong.count) checksum error found.\n")])
  }
}
