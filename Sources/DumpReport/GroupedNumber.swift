extension BinaryInteger {
  /// Decimal digits in groups of three: `1,234,567`. The same on every machine, whatever its locale.
  package var grouped: String {
    var text = ""
    let digits = String(magnitude)
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return self < 0 ? "-\(text)" : text
  }

  /// Upper-case hex with `0x`, without leading zeros: `0x7F0E0000`.
  package var hex: String { (self < 0 ? "-0x" : "0x") + String(magnitude, radix: 16, uppercase: true) }
}
