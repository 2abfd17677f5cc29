import DumpManifest

/// What a slot's dump is of: what one session began can be gone on with by another of the same scope, and no other.
/// Checks are no part of it: they decide nothing about the bytes.
public struct DumpScope: Sendable, Equatable, Codable {
  /// The dialect's name.
  public var dialect: String
  /// Commands run before any region.
  public var setup: [String]
  /// The regions, each in a line.
  public var regions: [String]

  /// The scope of a slot's plan.
  public init(_ plan: SlotPlan) {
    dialect = plan.console.dialect.name
    setup = plan.setup
    regions = plan.regions.map(\.line)
  }

  /// In what another scope is another, in the manifest's words.
  public func differences(from other: DumpScope) -> [String] {
    var differences: [String] = []
    if dialect != other.dialect { differences.append("dialect") }
    if setup != other.setup { differences.append("setup") }
    if regions != other.regions { differences.append("regions") }
    return differences
  }
}

extension RegionPlan {
  /// All that decides what its image is, in a line.
  fileprivate var line: String {
    let place =
      switch source {
      case .mapped(let address): "at 0x\(String(address, radix: 16))"
      case .staged(let staging):
        "by `\(staging.command.text)` from 0x\(String(staging.offset, radix: 16)) in pieces of \(staging.piece) to "
          + "0x\(String(staging.ram, radix: 16))"
      }
    return "\(name): \(size) bytes \(place) into \(file)"
  }
}
