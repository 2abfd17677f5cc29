import DumpEngine
import DumpReport
import Testing

@Suite("The exit status of a batch")
struct ExitStatusTests {
  static let good = Specimen.region()
  static let unproven = Specimen.region(evidence: .none)
  static let half = Specimen.region(held: 0x1000)
  static let bad = Specimen.region(checks: [Specimen.broken])

  @Test(
    "follows from the units",
    arguments: [
      ([Specimen.unit()], false, ProgramExit.verified),
      ([Specimen.unit("A1"), Specimen.unit("A2")], false, .verified),
      ([Specimen.unit("A1", [Specimen.region(evidence: .reread, checks: [Specimen.passed])])], false, .verified),
      // Complete without evidence is usable, but never verified.
      ([Specimen.unit("A1", [unproven])], false, .partial),
      ([Specimen.unit("A1", [good, half])], false, .partial),
      ([Specimen.unit("A1"), Specimen.unit("A2", [], failure: "no prompt")], false, .partial),
      ([Specimen.unit("A1", failure: "link lost")], false, .partial),
      ([Specimen.unit("A1", [half])], false, .nothingUsable),
      ([Specimen.unit("A1", [bad])], false, .nothingUsable),
      ([Specimen.unit("A1", [good, bad])], false, .partial),
      ([Specimen.unit("A1", [], failure: "no prompt")], false, .nothingUsable),
      ([], false, .nothingUsable),
      ([Specimen.unit()], true, .interrupted),
      ([Specimen.unit("A1", [half], interrupted: true)], true, .interrupted),
    ])
  func follows(units: [UnitResult], interrupted: Bool, expected: ProgramExit) {
    #expect(Specimen.batch(units, interrupted: interrupted).exitStatus == expected)
  }

  @Test("has the documented numbers")
  func numbers() {
    #expect(ProgramExit.allCases.map(\.rawValue) == [0, 1, 2, 3, 130])
  }
}
