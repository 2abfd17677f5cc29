/// Text from a device or an image, made fit for a terminal and a report: one line, bounded, nothing that acts.
package struct SafeText: Sendable, Hashable, CustomStringConvertible {
  /// The text: control and format characters, line ends and private characters show as `?`.
  package let description: String

  /// Makes `text` safe. What is longer than `limit` characters ends in `…`, which is counted.
  package init(_ text: some StringProtocol, limit: Int) {
    var scalars = String.UnicodeScalarView()
    var count = 0
    for scalar in text.unicodeScalars {
      count += 1
      if count > limit {
        if !scalars.isEmpty { scalars.removeLast() }
        scalars.append("…")
        break
      }
      scalars.append(Self.isHarmless(scalar) ? scalar : "?")
    }
    description = String(scalars)
  }

  /// Makes bytes safe that may be anything; what is not UTF-8 shows as `?`.
  package init(bytes: some Collection<UInt8>, limit: Int) {
    // Enough bytes for `limit` characters; the rest of a hostile text need not be decoded.
    self.init(String(decoding: bytes.prefix((limit + 1) * 4), as: UTF8.self), limit: limit)
  }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    default: scalar != "\u{FFFD}"
    }
  }
}
