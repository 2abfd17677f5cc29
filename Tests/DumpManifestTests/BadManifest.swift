import DumpManifest
import Testing

/// A manifest that is right but for the parts given, and all that must be said of it. `nil` leaves a part out.
struct BadManifest: Sendable, CustomTestStringConvertible {
  var title: String
  var text: String
  var message: String

  var testDescription: String { title }

  init(
    _ title: String, name: String? = #""m""#, slots: String? = #"[{"name": "a", "tty": "/dev/t"}]"#,
    console: String? = #"{"dialect": "u-boot"}"#, regions: String? = #"[{"name": "r", "address": 0, "size": 16}]"#,
    extra: String? = nil, _ message: String
  ) {
    self.title = title
    self.message = message
    let parts = [("name", name), ("slots", slots), ("console", console), ("regions", regions)]
    var lines = parts.compactMap { key, value in value.map { "\"\(key)\": \($0)" } }
    if let extra { lines.append(extra) }
    text = "{\n" + lines.joined(separator: ",\n") + "\n}\n"
    for (word, meaning) in Self.words { text = text.replacing(word, with: meaning) }
  }

  /// Long or frequent parts of manifests.
  private static let words: [(String, String)] = [
    ("STAGE250", String(repeating: "x", count: 250)),
    ("STAGE8", #"{"command": "sf read {ram} {offset} {size}", "ram": "0x1000", "offset": 8}"#),
    ("STAGE", #"{"command": "sf read {ram} {offset} {size}", "ram": "0x1000"}"#),
    ("LONGPATH", String(repeating: "p", count: 107)),
    ("LONGCOMMAND", String(repeating: "c", count: 251)),
    ("COMMAND80", String(repeating: "c", count: 80)),
    ("LONG", String(repeating: "n", count: 101)),
    (
      "MINE",
      #"{"name": "mine", "title": "T", "prompt": {"pattern": "> "}, "wake": {"nudge": "\r"}, "#
        + #""reads": [{"name": "d", "command": "d {address} {length}", "layout": {}}]}"#
    ),
  ]

  /// What is said of it, without the document's name.
  var complaints: String {
    do throws(ManifestError) {
      return "none: \(try BatchPlan.parse(Array(text.utf8), name: "m.json"))"
    } catch {
      return error.description.replacing("m.json:", with: "")
    }
  }
}
