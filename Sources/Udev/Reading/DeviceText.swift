/// Text that came from a device, made fit for terminals, logs and comparing.
///
/// A device may call itself anything. The rule is short, so that who matches by such a text can foresee it.
enum DeviceText {
  /// Scalars that are kept of a descriptor's string. USB allows 126 UTF-16 units, hence no honest one is cut.
  static let descriptorLimit = 256
  /// Scalars that are kept of a property: several links fit, and strings that udev has escaped.
  static let propertyLimit = 4096

  /// The text without blanks around it, `?` for every control, format and other scalar that shows as nothing or acts on
  /// a terminal, and cut to `limit` scalars. Nothing where nothing is left.
  static func cleaned(_ text: String?, limit: Int = descriptorLimit) -> String? {
    guard let text else { return nil }
    var scalars = Array(text.unicodeScalars.drop { $0.properties.isWhitespace }.prefix(limit))
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    guard !scalars.isEmpty else { return nil }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars.map { isHarmless($0) ? $0 : "?" })
    return String(result)
  }

  /// Cleaned properties. Their names are udev's own.
  static func cleaned(_ properties: [String: String]) -> [String: String] {
    properties.mapValues { cleaned($0, limit: propertyLimit) ?? "" }
  }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    // What was no UTF-8 came as this.
    default: scalar != "\u{FFFD}"
    }
  }
}
