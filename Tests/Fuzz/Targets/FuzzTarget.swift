/// A reader of bytes that come from outside, with all that must be true of it for any bytes.
///
/// Ordinary tests run the same functions over the seeds and over what was found once.
public struct FuzzTarget: Sendable {
  /// What it is called, also as a folder of seeds.
  public let name: String
  private let check: @Sendable ([UInt8]) throws -> Bool

  init(_ name: String, check: @escaping @Sendable ([UInt8]) throws -> Bool) {
    self.name = name
    self.check = check
  }

  /// All of them.
  public static let all = [dumpParser, prompt, manifest, mapfile, report, transcript]

  /// Runs the reader over an input.
  ///
  /// - Returns: whether the input meant anything to it.
  /// - Throws: ``FuzzFinding`` where something is not as it must be.
  public func run(_ input: [UInt8]) throws -> Bool { try check(input) }
}

/// Something that must be true and is not.
public struct FuzzFinding: Error, CustomStringConvertible {
  /// What was expected, and what came.
  public let description: String
}

/// Finds fault where `condition` is not true.
func expect(_ condition: Bool, _ message: @autoclosure () -> String) throws {
  guard condition else { throw FuzzFinding(description: message()) }
}
