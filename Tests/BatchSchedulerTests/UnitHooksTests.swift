import BatchScheduler
import DeviceSimulator
import DumpEngine
import Foundation
import TestSupport
import Testing

@Suite("Programs are told what happens to a unit", .timeLimit(.minutes(2)))
struct UnitHooksTests {
  /// Hooks that leave what they were told in files called after the event.
  private func hooks(_ folder: TemporaryFolder, and more: String = "") -> String {
    let script = #"env | grep ^BATCHDUMP_ > \"$0/$1.env\"; cat > \"$0/$1.json\""#
    let entries = ["unitArrived": "unit-arrived", "unitFinished": "unit-finished", "unitFailed": "unit-failed"].map {
      #""\#($0)": ["sh", "-c", "\#(script)", "\#(folder.path)", "\#($1)"]"#
    }
    return #""hooks": { \#(entries.joined(separator: ", "))\#(more) }"#
  }

  private func manifest(_ tty: String, _ hooks: String, size: Int = 4096) -> String {
    let text = BatchSchedulerTests.manifest([("A1", tty)], size: size)
    return text.replacing(#""identity":"#, with: #"\#(hooks), "identity":"#)
  }

  private func facts(_ folder: TemporaryFolder, _ event: String) throws -> [String: String] {
    let text = try String(contentsOfFile: folder.file("\(event).env"), encoding: .utf8)
    // What the tests themselves are told is not of the hook.
    let own = text.split(separator: "\n").filter { !$0.hasPrefix("BATCHDUMP_WITHOUT_QEMU") }
    let pairs = own.map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
    return Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], $0.count > 1 ? $0[1] : "") })
  }

  private func message(_ folder: TemporaryFolder, _ event: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(filePath: folder.file("\(event).json")))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test("arrived and finished: facts in the environment, the same and the result as JSON")
  func finished() async throws {
    try await withUnits([Units.uBoot("unit")]) { units in
      try await withTemporaryFolder { folder in
        let unit = try #require(units["unit"])
        let plan = try plan(manifest(unit.path, hooks(folder)))
        let results = await Batch(plan: plan, folder: folder.path) { _ in }.run()
        #expect(results[0].isVerified)
        let arrived = try facts(folder, "unit-arrived")
        #expect(
          arrived == [
            "BATCHDUMP_EVENT": "unit-arrived", "BATCHDUMP_SLOT": "A1", "BATCHDUMP_PURPOSE": "dump",
            "BATCHDUMP_FOLDER": folder.file("02-00-5e-00-00-01"), "BATCHDUMP_UNIT": "02:00:5e:00:00:01",
          ])
        let finished = try facts(folder, "unit-finished")
        #expect(finished["BATCHDUMP_STANDING"] == "verified" && finished["BATCHDUMP_EVENT"] == "unit-finished")
        let result = try #require(try message(folder, "unit-finished")["result"] as? [String: Any])
        #expect(result["standing"] as? String == "verified" && (result["regions"] as? [Any])?.count == 1)
        #expect(!FileManager.default.fileExists(atPath: folder.file("unit-failed.json")))
      }
    }
  }

  @Test("failed: with the reason")
  func failed() async throws {
    try await withUnits([Units.uBoot("unit")]) { units in
      try await withTemporaryFolder { folder in
        let unit = try #require(units["unit"])
        let text = manifest(unit.path, hooks(folder)).replacing(
          #""regions":"#, with: #""setup": ["frobnicate"], "regions":"#)
        _ = await Batch(plan: try plan(text), folder: folder.path) { _ in }.run()
        let failed = try facts(folder, "unit-failed")
        #expect(failed["BATCHDUMP_STANDING"] == "failed")
        #expect(failed["BATCHDUMP_FAILURE"]?.contains("setup command `frobnicate` failed") == true)
      }
    }
  }

  @Test("failed, and not arrived, where nobody answers or the adapter is gone", arguments: [true, false])
  func nobody(hasLink: Bool) async throws {
    var unit = Units.uBoot("unit")
    unit.faults = FaultPlan()
    unit.faults?.deadAfter = 1
    try await withUnits([unit]) { units in
      try await withTemporaryFolder { folder in
        let tty = hasLink ? try #require(units["unit"]).path : folder.file("nothing")
        let text = manifest(tty, hooks(folder)).replacing(#""wake": 30"#, with: #""wake": 1"#)
        _ = await Batch(plan: try plan(text), folder: folder.path) { _ in }.run()
        #expect(!FileManager.default.fileExists(atPath: folder.file("unit-arrived.json")))
        let failed = try facts(folder, "unit-failed")
        #expect(failed["BATCHDUMP_UNIT"] == "A1" && failed["BATCHDUMP_STANDING"] == "failed")
        #expect(failed["BATCHDUMP_FAILURE"]?.contains(hasLink ? "no prompt" : "is not there") == true, "\(failed)")
      }
    }
  }

  @Test(
    "a hook that fails or hangs is told of and changes nothing else",
    arguments: [
      (#"["sh", "-c", "echo no lamp; exit 3"]"#, "", "failed with exit code 3; its last line: no lamp"),
      (#"["sleep", "1000"]"#, #", "timeLimit": 0.2"#, "took longer than"),
      (#"["no-such-lamp"]"#, "", "could not be started"),
    ])
  func trouble(program: String, more: String, trouble: String) async throws {
    try await withUnits([Units.uBoot("unit")]) { units in
      try await withTemporaryFolder { folder in
        let unit = try #require(units["unit"])
        let plan = try plan(manifest(unit.path, #""hooks": { "unitArrived": \#(program)\#(more) }"#))
        let log = EventLog()
        let results = await Batch(plan: plan, folder: folder.path, emit: log.take).run()
        #expect(results[0].isVerified)
        let troubles = log.events.compactMap { if case .trouble(let text) = $0.kind { text } else { nil } }
        #expect(troubles.contains { $0.hasPrefix("unit-arrived: ") && $0.contains(trouble) }, "\(troubles)")
      }
    }
  }
}
