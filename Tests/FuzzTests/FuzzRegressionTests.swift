import Foundation
import FuzzTargets
import Testing

@Suite("What fuzzing starts from, and what it once found, holds", .timeLimit(.minutes(1)))
struct FuzzRegressionTests {
  /// An input, with the target that it is for.
  struct Input: Sendable, CustomTestStringConvertible {
    var target: FuzzTarget
    var file: URL
    var testDescription: String { "\(target.name): \(file.lastPathComponent)" }

    static let all = ["Seeds", "Regressions"].flatMap { folder in
      FuzzTarget.all.flatMap { target in FuzzFolders.files(folder, of: target).map { Input(target: target, file: $0) } }
    }
  }

  @Test(arguments: Input.all)
  func everyInputKeepsTheTargetsPromises(input: Input) throws {
    #expect(try input.target.run(Array(Data(contentsOf: input.file))), "the input means nothing to the target")
  }

  @Test(arguments: FuzzTarget.all.map(\.name))
  func everyTargetHasSeeds(name: String) {
    #expect(Input.all.contains { $0.target.name == name })
  }
}
