extension UBootOptions {
  /// The U-Boot that Debian packages for QEMU's arm board, with a prompt of `=> ` and a countdown of two seconds.
  public init() {
    prompt = "=> "
    version = "U-Boot 2023.01+dfsg-2+deb12u3 (Jun 22 2026 - 08:38:07 +0000)"
    toolchain = ["arm-linux-gnueabihf-gcc (Debian 12.2.0-14) 12.2.0", "GNU ld (GNU Binutils for Debian) 2.40"]
    banner = ["DRAM:  128 MiB", "In:    serial", "Out:   serial", "Err:   serial", "Net:   No ethernet found."]
    bootDelay = 2
    countdown = .old
    stopKey = nil
    countdownText = "Hit any key to stop autoboot: "
    afterBoot = .silence
    gutter = .new
    addressWidth = 32
    byteOrder = .little
    digestText = .new
    commands = UBootCommand.usual
    lineBuffer = 512
    baudRates = [9600, 19200, 38400, 57600, 115_200]
    environment = ["baudrate": "115200", "bootdelay": "2", "loadaddr": "0x40200000"]
    spiFlash = nil
    startupDelay = 200
  }

  private enum CodingKeys: String, CodingKey {
    case prompt, version, toolchain, banner, bootDelay, countdown, stopKey, countdownText, afterBoot, gutter,
      addressWidth, byteOrder, digestText, commands, lineBuffer, baudRates, environment, spiFlash, startupDelay
  }

  /// Decodes an object; keys that are absent keep the values of `init()`.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func set<Value: Decodable>(_ path: WritableKeyPath<Self, Value>, _ key: CodingKeys) throws {
      guard let value = try container.decodeIfPresent(Value.self, forKey: key) else { return }
      self[keyPath: path] = value
    }
    try set(\.prompt, .prompt)
    try set(\.version, .version)
    try set(\.toolchain, .toolchain)
    try set(\.banner, .banner)
    try set(\.bootDelay, .bootDelay)
    try set(\.countdown, .countdown)
    try set(\.stopKey, .stopKey)
    try set(\.countdownText, .countdownText)
    try set(\.afterBoot, .afterBoot)
    try set(\.gutter, .gutter)
    try set(\.addressWidth, .addressWidth)
    try set(\.byteOrder, .byteOrder)
    try set(\.digestText, .digestText)
    try set(\.commands, .commands)
    try set(\.lineBuffer, .lineBuffer)
    try set(\.baudRates, .baudRates)
    try set(\.environment, .environment)
    try set(\.spiFlash, .spiFlash)
    try set(\.startupDelay, .startupDelay)
    try check(container)
  }

  private func check(_ container: KeyedDecodingContainer<CodingKeys>) throws {
    guard addressWidth == 32 || addressWidth == 64 else {
      throw DecodingError.dataCorruptedError(
        forKey: .addressWidth, in: container, debugDescription: "found \(addressWidth); allowed are 32 and 64")
    }
    guard (1...65_536).contains(lineBuffer) else {
      throw DecodingError.dataCorruptedError(
        forKey: .lineBuffer, in: container, debugDescription: "found \(lineBuffer); allowed are 1 to 65536")
    }
    guard !prompt.isEmpty else {
      throw DecodingError.dataCorruptedError(
        forKey: .prompt, in: container, debugDescription: "found no text; a U-Boot has a prompt such as \"=> \"")
    }
  }
}

extension UBootOptions.SPIFlash {
  private enum CodingKeys: String, CodingKey {
    case name, size, content, text
  }

  /// Decodes an object; `text` may be absent.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try container.decode(String.self, forKey: .name),
      size: try container.decode(Quantity.self, forKey: .size),
      content: try container.decode(MemoryContent.self, forKey: .content),
      text: try container.decodeIfPresent(UBootOptions.DigestText.self, forKey: .text) ?? .new)
  }
}
