import Foundation

/// A call to the system that failed in the test bench itself.
public struct SystemCallError: Error, CustomStringConvertible {
  /// Which call, why, and while doing what.
  public let description: String

  /// The failure of `call` with error number `code` while `doing` something.
  init(_ call: String, _ code: Int32, _ doing: String) {
    description = "\(call) failed while \(doing): \(String(cString: strerror(code)))"
  }
}
