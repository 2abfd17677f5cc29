import Glibc

/// Why adapters cannot be listed or watched.
public struct UdevError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was expected, what came, and what to do.
  public let description: String

  init(_ description: String) { self.description = description }

  /// A call of libudev that failed; `code` is what it left in errno.
  init(_ action: String, code: Int32, remedy: String) {
    let reason = code == 0 ? "libudev gave no reason" : systemText(code)
    self.init("cannot \(action): \(reason); \(remedy)")
  }
}

private func systemText(_ code: Int32) -> String {
  var text = [CChar](repeating: 0, count: 128)
  guard strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
  return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
