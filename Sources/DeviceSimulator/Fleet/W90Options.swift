/// How a simulated W90 boot loader (Winbond W90N745, W90P745, W90P710) is set up.
public struct W90Options: Decodable, Sendable {
  /// First line at power-on.
  public var banner: String
  /// First line of `h`.
  public var shellBanner: String
  /// Bytes of RAM, as the boot text tells them.
  public var memorySize: Quantity
  /// Address of the first flash byte.
  public var flashBase: Quantity
  /// Bytes of flash; footers are looked for here.
  public var flashSize: Quantity
  /// As the boot text and `set` tell it.
  public var macAddress: String
  /// As the boot text and `set` tell it.
  public var serialNumber: UInt32
  /// Milliseconds from reset to the first character.
  public var startupDelay: Int
  /// Characters that the port holds while the loader is busy; further ones are lost.
  public var portDepth: Int

  /// A camera with 16 MiB of RAM and 2 MiB of flash at 0x7F000000.
  public init() {
    banner = "W90P745 Boot Loader [ Version 1.1 $Revision: 1 $ ] Rebuilt on Dec 10 2009"
    shellBanner = "W90P745 Command Shell v1.0 Rebuilt on May 06 2010 at 13:00:07"
    memorySize = 0x100_0000
    flashBase = 0x7F00_0000
    flashSize = 0x20_0000
    macAddress = "0E:F2:B3:DC:08:05"
    serialNumber = 0xFFFF_FFFF
    startupDelay = 200
    portDepth = 16
  }

  private enum CodingKeys: String, CodingKey {
    case banner, shellBanner, memorySize, flashBase, flashSize, macAddress, serialNumber, startupDelay, portDepth
  }

  /// Decodes an object; keys that are absent keep the values of `init()`.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func set<Value: Decodable>(_ path: WritableKeyPath<Self, Value>, _ key: CodingKeys) throws {
      guard let value = try container.decodeIfPresent(Value.self, forKey: key) else { return }
      self[keyPath: path] = value
    }
    try set(\.banner, .banner)
    try set(\.shellBanner, .shellBanner)
    try set(\.memorySize, .memorySize)
    try set(\.flashBase, .flashBase)
    try set(\.flashSize, .flashSize)
    try set(\.macAddress, .macAddress)
    try set(\.serialNumber, .serialNumber)
    try set(\.startupDelay, .startupDelay)
    try set(\.portDepth, .portDepth)
  }
}
