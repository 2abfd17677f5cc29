import DumpReport
import Foundation

/// Text laid out in columns of a terminal.
package enum DisplayText {
  /// A time to the minute, such as `2026-11-23 07:15Z`.
  package static func stamp(_ time: Date) -> String {
    let style = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day().dateTimeSeparator(.space)
      .time(includingFractionalSeconds: false)
    return "\(time.formatted(style).prefix(16))Z"
  }

  /// Columns that a text takes: wide characters of East Asia take two, combining ones none.
  package static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + width($1) }
  }

  /// The text in exactly `width` columns: cut with `…`, or filled with blanks on the right.
  package static func fitted(_ text: String, to width: Int) -> String {
    let cut = cut(text, to: width)
    return cut + String(repeating: " ", count: max(0, width - Self.width(cut)))
  }

  /// The text with blanks on its left up to `width` columns.
  static func rightAligned(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - Self.width(text))) + text
  }

  /// The text in at most `width` columns, cut with `…`.
  package static func cut(_ text: String, to width: Int) -> String {
    guard Self.width(text) > width else { return text }
    guard width > 0 else { return "" }
    var result = String.UnicodeScalarView()
    var room = width - 1
    for scalar in text.unicodeScalars {
      room -= Self.width(scalar)
      if room < 0 { break }
      result.append(scalar)
    }
    return String(result) + "…"
  }

  /// A duration as a clock shows it: `0:07`, `12:34`, `1:02:03`.
  static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e7 else { return "-:--" }
    let whole = Int(max(0, seconds).rounded())
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
  }

  /// A count with its word: `1 unit`, `2 units`.
  static func count(_ number: Int, _ word: String) -> String {
    "\(number.grouped) \(word)\(number == 1 ? "" : "s")"
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: break
    }
    // Blocks that are wide throughout; source: Unicode Standard Annex 11, East Asian Width.
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
