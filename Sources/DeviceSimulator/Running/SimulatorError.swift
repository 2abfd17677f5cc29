/// Why a simulated unit or fleet cannot be had. The text is for the person who wrote the fleet file.
public struct SimulatorError: Error, Sendable, CustomStringConvertible {
  /// What was expected, what came, and what to do.
  public let description: String

  init(_ description: String) { self.description = description }

  /// A failed system call on `what`, with the system's own words for `code`.
  init(_ action: String, code: Int32) {
    self.init("\(action): \(systemErrorText(code))")
  }
}
