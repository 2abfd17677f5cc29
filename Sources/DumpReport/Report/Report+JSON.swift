import Foundation

extension Report {
  /// The text of `report.json`: keys sorted, so that two reports can be compared line by line, newline at the end.
  public func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .custom { date, encoder in
      var container = encoder.singleValueContainer()
      try container.encode(Self.text(of: date))
    }
    return try Array(encoder.encode(self)) + [UInt8(ascii: "\n")]
  }

  /// Reads the text of a `report.json` of this version.
  public init(json: [UInt8]) throws {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .custom { decoder in
      let container = try decoder.singleValueContainer()
      let text = try container.decode(String.self)
      guard let date = try? Date(text, strategy: Self.timeStyle) else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "expected a time such as 2026-11-23T07:15:00.000Z, found \(text)")
      }
      return date
    }
    self = try decoder.decode(Report.self, from: Data(json))
  }

  private static var timeStyle: Date.ISO8601FormatStyle {
    Date.ISO8601FormatStyle(includingFractionalSeconds: true, timeZone: .gmt)
  }

  /// The format style cuts what is behind the milliseconds, so that 0.123, held as 0.12299…, would lose one.
  private static func text(of date: Date) -> String {
    let milliseconds = (date.timeIntervalSince1970 * 1000).rounded()
    return Date(timeIntervalSince1970: (milliseconds + 0.1) / 1000).formatted(timeStyle)
  }
}
