import Foundation
import Udev

/// A survey, or an event, as JSON for programs.
public enum AdapterJSON {
  private struct Survey: Encodable {
    let adapters: [AdapterRecord]
    let slots: [Slot]?
    let warnings: [String]
  }

  private struct Slot: Encodable {
    let name: String
    let node, problem: String?
  }

  private struct Event: Encodable {
    let event: String
    let adapter: AdapterRecord
  }

  /// One document: `adapters`, `slots` where there is a manifest, and `warnings`. Without a line end after it.
  public static func text(_ survey: AdapterSurvey) throws -> String {
    let document = Survey(
      adapters: survey.rows.map { AdapterRecord($0) },
      slots: survey.slots?.map { Slot(name: $0.name, node: $0.node, problem: $0.problem) }, warnings: survey.warnings)
    return try text(document, [.prettyPrinted])
  }

  /// One line: `event`, which is `added`, `changed` or `removed`, and the `adapter`. Without its line end.
  public static func line(_ event: AdapterEvent, _ row: AdapterRow) throws -> String {
    try text(Event(event: event.word, adapter: AdapterRecord(row)), [])
  }

  private static func text(_ value: some Encodable, _ form: JSONEncoder.OutputFormatting) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = form.union([.sortedKeys, .withoutEscapingSlashes])
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
