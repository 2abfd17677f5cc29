import DumpManifest
import PositionedDocument

extension FuzzTarget {
  /// Manifests in all of their forms: JSON, property lists in XML and binary.
  static let manifest = FuzzTarget("manifest") { bytes in
    do {
      let plan = try BatchPlan.parse(bytes, name: "m.json")
      try expect(!plan.slots.isEmpty, "a plan without slots")
      let text = "\(PlanSummary(plan))"
      let lines = text.split(separator: "\n").map(String.init)
      try expect(lines.allSatisfy(\.isPrintable), "the plan's text holds something that cannot be seen")
    } catch let error as ManifestError {
      try check(error, bytes)
    }
    return true
  }

  private static func check(_ error: ManifestError, _ bytes: [UInt8]) throws {
    try expect(!error.problems.isEmpty, "an error without a problem")
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    for problem in error.problems {
      try expect(!problem.message.isEmpty && problem.description.isPrintable, "not fit to be read: \(problem.message)")
      try expect(problem.description.utf8.count < 4000, "a problem of \(problem.description.utf8.count) bytes")
      guard problem.document == "m.json", let position = problem.position else { continue }
      let isThere =
        (1...lines.count).contains(position.line)
        && (1...(lines[position.line - 1].count + 1)).contains(position.column)
      try expect(isThere, "no such place: \(position)")
    }
  }
}
