/// Text from a hook, made fit for a terminal: nothing in it acts, and its length is bounded.
struct PrintableText: CustomStringConvertible {
  let description: String

  /// What is longer than `limit` characters ends in `…`; control and format characters become `?`, tabs blanks.
  init(_ text: String, limit: Int) {
    let scalars = text.unicodeScalars.prefix(limit).map(Self.harmless)
    let isCut = text.unicodeScalars.dropFirst(limit).first != nil
    var view = String.UnicodeScalarView(isCut ? Array(scalars.dropLast()) : scalars)
    if isCut { view.append("…") }
    description = String(view)
  }

  private static func harmless(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
      scalar == "\t" ? " " : "?"
    default: scalar
    }
  }
}
