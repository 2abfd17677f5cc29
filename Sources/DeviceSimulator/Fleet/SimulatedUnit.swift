/// A device to be simulated.
public struct SimulatedUnit: Decodable, Sendable {
  /// The boot loader that a unit has.
  public enum Loader: Sendable {
    case uBoot(UBootOptions)
    case w90(W90Options)
  }

  /// What the unit is doing when it is started.
  public enum StartState: String, Decodable, Sendable, CaseIterable {
    /// Has no power; `RunningUnit.powerCycle` gives it some.
    case off
    /// Boots, from the first time that somebody opens its tty.
    case booting
    /// Boots at once, heard or not.
    case running
    /// Waits at its prompt.
    case prompt
    /// Waits at its prompt with half a command typed.
    case halfLine
    /// Prints what somebody's command asked for.
    case flooding
  }

  /// A file that a faithful dump of the unit gives.
  public struct Image: Decodable, Sendable {
    /// The file's name.
    public var file: String
    /// Address of its first byte, or its offset in the SPI flash.
    public var address: Quantity
    /// Bytes.
    public var size: Quantity
    /// Whether it lies in the SPI flash instead of in the address space.
    public var isInSPIFlash: Bool

    /// An image of `size` bytes.
    public init(file: String, address: Quantity, size: Quantity, isInSPIFlash: Bool = false) {
      self.file = file
      self.address = address
      self.size = size
      self.isInSPIFlash = isInSPIFlash
    }
  }

  /// Name of the unit and of its tty's link.
  public var name: String
  /// Its boot loader.
  public var loader: Loader
  /// Rate of its port in baud.
  public var speed: Int
  /// Its address space; what is not in it aborts.
  public var memory: [MemoryArea]
  /// What it does when started.
  public var start: StartState
  /// Milliseconds for which it takes no notice of typing after a silence.
  public var echoDelay: Int
  /// Noise on its line.
  public var noise: LineNoise?
  /// What else goes wrong with it.
  public var faults: FaultPlan?
  /// What dumps of it ought to give.
  public var images: [Image]

  /// A unit that boots when its tty is opened.
  public init(name: String, loader: Loader, speed: Int = 115_200, memory: [MemoryArea] = []) {
    self.name = name
    self.loader = loader
    self.speed = speed
    self.memory = memory
    start = .booting
    echoDelay = 0
    noise = nil
    faults = nil
    images = []
  }
}

extension SimulatedUnit.Image {
  private enum CodingKeys: String, CodingKey {
    case file, address, offset, size
  }

  /// Decodes `file`, `size` and either `address` or, for the SPI flash, `offset`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let offset = try container.decodeIfPresent(Quantity.self, forKey: .offset)
    self.init(
      file: try container.decode(String.self, forKey: .file),
      address: try offset ?? container.decode(Quantity.self, forKey: .address),
      size: try container.decode(Quantity.self, forKey: .size), isInSPIFlash: offset != nil)
  }
}

extension SimulatedUnit {
  private enum CodingKeys: String, CodingKey {
    case name, kind, speed, memory, options, start, echoDelay, noise, faults, images
  }

  private enum Kind: String, Decodable {
    case uBoot = "u-boot"
    case w90
  }

  /// Decodes an object with `name`, `kind` (`u-boot` or `w90`) and `memory`; the rest may be absent. `options` are those
  /// of the kind: `UBootOptions` or `W90Options`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let loader: Loader =
      switch try container.decode(Kind.self, forKey: .kind) {
      case .uBoot: .uBoot(try container.decodeIfPresent(UBootOptions.self, forKey: .options) ?? UBootOptions())
      case .w90: .w90(try container.decodeIfPresent(W90Options.self, forKey: .options) ?? W90Options())
      }
    self.init(
      name: try container.decode(String.self, forKey: .name), loader: loader,
      speed: try container.decodeIfPresent(Int.self, forKey: .speed) ?? 115_200,
      memory: try container.decode([MemoryArea].self, forKey: .memory))
    start = try container.decodeIfPresent(StartState.self, forKey: .start) ?? .booting
    echoDelay = try container.decodeIfPresent(Int.self, forKey: .echoDelay) ?? 0
    noise = try container.decodeIfPresent(LineNoise.self, forKey: .noise)
    faults = try container.decodeIfPresent(FaultPlan.self, forKey: .faults)
    images = try container.decodeIfPresent([Image].self, forKey: .images) ?? []
    try check(container)
  }

  private func check(_ container: KeyedDecodingContainer<CodingKeys>) throws {
    guard (1...4_000_000).contains(speed) else {
      throw DecodingError.dataCorruptedError(
        forKey: .speed, in: container, debugDescription: "found \(speed); allowed are 1 to 4000000 baud")
    }
    guard (0...60_000).contains(echoDelay) else {
      throw DecodingError.dataCorruptedError(
        forKey: .echoDelay, in: container, debugDescription: "found \(echoDelay); allowed are 0 to 60000 ms")
    }
    guard Self.isUsableName(name) else {
      throw DecodingError.dataCorruptedError(
        forKey: .name, in: container,
        debugDescription: "found \"\(name)\"; a name has 1 to 64 characters, no \"/\", no control characters and does "
          + "not begin with \".\"")
    }
  }

  /// Whether a name can be a file's.
  static func isUsableName(_ name: String) -> Bool {
    (1...64).contains(name.count) && !name.hasPrefix(".") && !name.contains("/")
      && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
  }
}
