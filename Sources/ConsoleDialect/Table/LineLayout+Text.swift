extension LineLayout {
  /// The line that a console of this layout prints for some bytes, without its end: what a table means, made visible.
  ///
  /// A short line is padded to its gutter. Bytes are in memory order.
  ///
  /// - Precondition: at least one byte, at most ``lineBytes``, a whole number of cells.
  public func line(address shown: UInt64, bytes: [UInt8], byteOrder: ByteOrder? = nil, addressDigits: Int? = nil)
    -> String
  {
    precondition((1...lineBytes).contains(bytes.count) && bytes.count % cellBytes == 0, "\(bytes.count) bytes a line")
    var text = ""
    if address != .none {
      let bits = addressBits >= 64 ? shown : shown & ((1 << UInt64(addressBits)) - 1)
      let digits = String(bits, radix: 16)
      let width = max(addressDigits ?? 0, self.addressDigits.lowerBound)
      text = before + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    text += after
    let cellsStart = text.count
    for cell in 0..<(bytes.count / cellBytes) {
      if cell > 0 { text += separator(before: cell) }
      text += cellText(bytes[(cell * cellBytes)..<((cell + 1) * cellBytes)], byteOrder)
    }
    guard let gutter else { return text }
    text += String(repeating: " ", count: cellsStart + cellsWidth - text.count)
    return text + gutter.open + gutter.text(bytes) + gutter.close
  }

  /// How many characters a line has without its end.
  ///
  /// - Precondition: `bytes` is at least 1 and at most ``lineBytes``.
  func width(bytes: Int, addressDigits: Int) -> Int {
    let whole = (bytes + cellBytes - 1) / cellBytes * cellBytes
    let sample = line(
      address: 0, bytes: Array(repeating: 0xFF, count: whole), byteOrder: .big, addressDigits: addressDigits)
    return sample.utf8.count
  }

  /// What stands before a cell that is not the first: the last group that fits, or else a blank.
  func separator(before cell: Int) -> String { groups.last { cell % $0.every == 0 }?.text ?? " " }

  private var cellsWidth: Int {
    (1..<max(cells, 1)).reduce(cells * (cellPrefix.count + 2 * cellBytes)) { $0 + separator(before: $1).count }
  }

  private func cellText(_ bytes: ArraySlice<UInt8>, _ byteOrder: ByteOrder?) -> String {
    let printed = order == .value && byteOrder == .little ? Array(bytes.reversed()) : Array(bytes)
    let digits = printed.map { NumberFormat.byte.render(UInt64($0)) }.joined()
    let significant = digits.drop { $0 == "0" }
    return cellPrefix + (padded ? digits : significant.isEmpty ? "0" : String(significant))
  }
}

extension LineLayout.Gutter {
  /// What the column shows for some bytes.
  func text(_ bytes: [UInt8]) -> String {
    var text = ""
    for (index, byte) in bytes.enumerated() {
      if let split, index > 0, index % split == 0 { text += " " }
      text.unicodeScalars.append(Unicode.Scalar(shown(byte)))
    }
    return text
  }

  /// The character that stands for a byte.
  func shown(_ byte: UInt8) -> UInt8 { printable.contains(byte & mask) ? byte & mask : dot }
}

extension NumberFormat {
  /// Two lower-case hex digits.
  static let byte = NumberFormat("02x")!
}
