import PositionedDocument

/// Units to be simulated together, as a JSON or property-list file describes them.
public struct SimulatedFleet: Decodable, Sendable {
  /// The units; their names are unequal.
  public var units: [SimulatedUnit]

  /// A fleet of these units.
  public init(units: [SimulatedUnit]) { self.units = units }

  private enum CodingKeys: String, CodingKey {
    case units
  }

  /// Decodes an object with a list `units`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    units = try container.decode([SimulatedUnit].self, forKey: .units)
    var seen: Set<String> = []
    for unit in units where !seen.insert(unit.name).inserted {
      throw DecodingError.dataCorruptedError(
        forKey: .units, in: container, debugDescription: "two units are named \"\(unit.name)\"; give each its own name")
    }
  }

  /// Reads a fleet file. Errors name line and column where the format has them.
  public static func load(path: String) throws -> SimulatedFleet {
    try Document.load(path: path).decode(SimulatedFleet.self)
  }
}
