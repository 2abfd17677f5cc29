extension UBootFirmware {
  /// Bytes of the environment's storage, as `printenv` tells them.
  private static let environmentSize = 262_140

  /// `printenv [name ...]`.
  mutating func printEnvironment(_ words: [String]) {
    guard words.count > 1 else {
      let lines = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }.joined()
      // The storage ends in one more zero than there are lines.
      return plan([.text("\(lines)\nEnvironment size: \(lines.utf8.count + 1)/\(Self.environmentSize) bytes\n")])
    }
    for name in words.dropFirst().reversed() {
      if let value = environment[name] {
        plan([.text("\(name)=\(value)\n")])
      } else {
        fail("## Error: \"\(name)\" not defined\n")
      }
    }
  }

  /// `setenv name [value ...]`; `baudrate` changes the speed of the console.
  mutating func setEnvironment(_ words: [String], _ machine: inout Machine) {
    guard words.count > 1 else { return usage(.setenv) }
    let name = words[1]
    let value = words.dropFirst(2).joined(separator: " ")
    if name == "baudrate", !value.isEmpty { return setBaudRate(value, machine.uart.speed) }
    environment[name] = value.isEmpty ? nil : value
  }

  /// Tells the new rate at the old one, switches, and waits at the new one for a CR and nothing else
  /// (`on_baudrate` of `drivers/serial/serial-uclass.c`).
  private mutating func setBaudRate(_ value: String, _ speed: Int) {
    let rate = Int(value.prefix { $0.isASCII && $0.isNumber }) ?? 0
    guard rate != speed else {
      environment["baudrate"] = value
      return
    }
    guard options.baudRates.contains(rate) else {
      return fail(
        "## Baudrate \(rate) bps not supported\n## Error inserting \"baudrate\" variable, errno=22\n")
    }
    environment["baudrate"] = value
    plan([
      .text("## Switch baudrate to \(rate) bps and press ENTER ...\n"), .pause(50_000_000), .setSpeed(rate),
      .pause(50_000_000), .awaitReturn,
    ])
  }
}
