import ConsoleDialect

/// A row of like commands.
public struct CommandSeries: Sendable, Equatable {
  /// The first of them.
  public var first: String
  /// The last of them.
  public var last: String
  /// How many there are.
  public var count: Int
}

/// What would be sent for one region, and what would come back.
public struct RegionSummary: Sendable, Equatable {
  /// When a region is read a second time.
  public enum SecondRead: Sendable, Equatable {
    /// Never.
    case none
    /// Where the image does not certify itself.
    case withoutFooter
    /// Always.
    case always
  }
  /// The region's name.
  public var name: String
  /// The image's file name.
  public var file: String
  /// Size in bytes.
  public var size: Int
  /// Where it is: an address, or an offset and the RAM address it is copied to.
  public var place: String
  /// Commands that copy it into RAM; absent where it is in the address space.
  public var staging: CommandSeries?
  /// Commands that print it, once.
  public var reads: CommandSeries
  /// Commands that let the unit compute digests; absent where that is not the policy or the dialect has none.
  public var digests: CommandSeries?
  /// The digests that would be tried, strongest first.
  public var digestAlgorithms: [String]
  /// Whether it is read a second time.
  public var secondRead: SecondRead
  /// Characters that the console sends: echoed commands and what they print, without prompts. A second read counts
  /// where it is certain.
  public var characters: Int
  /// Seconds that these take on the line.
  public var seconds: Double
}

extension RegionSummary {
  /// What a reply says around a digest: `crc32 for 40200000 ... 402000ff ==> `.
  private static let digestText = 40

  init(_ region: RegionPlan, console: ConsolePlan, policy: DumpPolicy) {
    // A dialect without a method is refused when it is loaded.
    let method = console.methods[0]
    let layout = ReadSchedule(region, method: method, readLength: console.readLength)
    name = region.name
    file = region.file
    size = region.size
    reads = CommandSeries(
      first: method.command(address: layout.address(of: 0), length: layout.firstRead),
      last: method.command(address: layout.address(of: layout.lastRead.lowerBound), length: layout.lastRead.count),
      count: layout.reads)
    switch region.source {
    case .mapped(let address): place = address.hex
    case .staged(let staging):
      place = "offset \(staging.offset.hex), through RAM at \(staging.ram.hex)"
      let pieces = staging.pieces(of: region.size)
      self.staging = CommandSeries(
        first: staging.command(piece: 0, of: region.size), last: staging.command(piece: pieces - 1, of: region.size),
        count: pieces)
    }
    let known = policy.verify == .auto || policy.verify == .digest ? console.dialect.digests : []
    digestAlgorithms = known.map(\.algorithm.rawValue).uniqued
    digests = known.first.map { layout.digests($0) }
    secondRead = Self.secondRead(policy, console.dialect)
    characters = 0
    seconds = 0
    count(layout, method, known.first, console)
  }

  private static func secondRead(_ policy: DumpPolicy, _ dialect: Dialect) -> SecondRead {
    switch policy.verify {
    case .reread: .always
    case .auto where dialect.digests.isEmpty: dialect.footer == nil ? .always : .withoutFooter
    case .auto, .digest, .none: .none
    }
  }

  private mutating func count(
    _ layout: ReadSchedule, _ method: ReadMethod, _ digest: DigestMethod?, _ console: ConsolePlan
  ) {
    let passes = secondRead == .always ? 2 : 1
    characters = passes * (layout.characters + reads.echo)
    characters += staging?.echo ?? 0
    if let digests, let digest {
      characters += digests.echo + digests.count * (Self.digestText + digest.algorithm.digits + 2)
    }
    seconds = Double(characters) * Double(console.format.bitsPerCharacter) / Double(console.speed)
  }
}

extension CommandSeries {
  /// Characters of all these commands as the console echoes them, CR and LF included.
  fileprivate var echo: Int { count * (last.utf8.count + 2) }
}

extension [String] {
  fileprivate var uniqued: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
