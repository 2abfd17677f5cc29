import Foundation
import TestSupport
import Testing

@Suite("Commands that touch no device", .timeLimit(.minutes(2)))
struct CommandsTests {
  @Test(
    "end with the right status and say why",
    arguments: [
      (["--help"], 0, "USAGE: batchdump"), (["run", "--help"], 0, "--output"), (["--version"], 0, "0.1.0"),
      (["validate", "m.json"], 0, "m.json: good: 1 slots, 1 regions"), (["plan", "m.json"], 0, "md."),
      (["validate", "bad.json"], 2, "bad.json:1:"), (["plan", "bad.json"], 2, "bad.json:1:"),
      (["bad.json"], 2, "bad.json:1:"), (["run", "absent.json"], 2, "absent.json"), (["absent.json"], 2, "absent.json"),
      (["m.json", "--no-such-option"], 2, "--no-such-option"),
      (["run", "m.json", "--no-such-option"], 2, "--no-such-option"),
      (["validate"], 2, "manifest"), (["m.json", "surplus"], 2, "surplus"),
    ] as [([String], Int32, String)])
  func status(arguments: [String], status: Int32, text: String) async throws {
    try await withTemporaryFolder { folder in
      try folder.write(TestBench.manifest(["/dev/ttyNone"]), to: "m.json")
      try folder.write(#"{ "name": "x", "slots": [] "#, to: "bad.json")
      let outcome = try await Tool.run(arguments, in: folder)
      #expect(outcome.status == status, "\(outcome)")
      #expect((status == 0 ? outcome.output : outcome.errors).contains(text), "\(outcome)")
      #expect((status == 0 ? outcome.errors : outcome.output).isEmpty, "\(outcome)")
      #expect(!FileManager.default.fileExists(atPath: folder.file("Reports")))
    }
  }

  @Test("JSON, XML and binary property lists of the same manifest give the same plan")
  func plans() async throws {
    try await withTemporaryFolder { folder in
      let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
      let json = try Data(contentsOf: root.appending(path: "Manifests/fleet.json"))
      var tree = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
      tree["$schema"] = nil
      let formats: [(String, PropertyListSerialization.PropertyListFormat)] = [("xml", .xml), ("binary", .binary)]
      for (name, format) in formats {
        var data = try PropertyListSerialization.data(fromPropertyList: tree, format: format, options: 0)
        // XML reads a bare CR as LF, and Foundation does not escape it.
        if format == .xml { data = Data(String(decoding: data, as: UTF8.self).replacing("\r", with: "&#13;").utf8) }
        try data.write(to: URL(filePath: folder.file(name)))
      }
      try json.write(to: URL(filePath: folder.file("json")))
      try FileManager.default.copyItem(
        atPath: root.appending(path: "Manifests/fleet.plist").path(), toPath: folder.file("shipped"))
      let first = try await Tool.run(["plan", "json"], in: folder)
      #expect(first.status == 0 && first.output.count > 100, "\(first)")
      for name in ["xml", "binary", "shipped"] {
        let other = try await Tool.run(["plan", name], in: folder)
        #expect(other.status == 0, "\(other)")
        #expect(other.output == first.output, "\(name)")
      }
    }
  }
}
