extension LineLayout {
  /// The most bytes that a line may show.
  static let mostLineBytes = 1024

  func validate() throws(DialectError) {
    try require([1, 2, 4, 8].contains(cellBytes), "cellBytes", else: "\(cellBytes) is none of 1, 2, 4, 8")
    try require(
      cells > 0 && cells <= Self.mostLineBytes / cellBytes, "cells",
      else: "\(cells) is not between 1 and \(Self.mostLineBytes / cellBytes)")
    try require(
      addressDigits.lowerBound > 0 && addressDigits.upperBound <= 16, "addressDigits",
      else: "an address has 1 to 16 digits")
    try require((8...64).contains(addressBits), "addressBits", else: "\(addressBits) is not between 8 and 64")
    try validateTexts()
    if let gutter {
      do { try gutter.validate() } catch { throw error.below("gutter") }
    }
    try validateSample()
  }

  private func validateTexts() throws(DialectError) {
    let texts = [("before", before), ("after", after), ("cellPrefix", cellPrefix), ("trailer", trailer ?? "")]
    for (key, text) in texts { try requirePlain(text, at: [key]) }
    try require(
      address == .none || !Self.couldBeDigit(after.utf8.first), "after",
      else: "\"\(after)\" could not be told from the address: it must begin with no hex digit")
    for (index, group) in groups.enumerated() {
      let place = ["groups", "\(index)"]
      try requirePlain(group.text, at: place + ["text"])
      guard (1..<max(cells, 2)).contains(group.every) else {
        throw DialectError(path: place + ["every"], message: "\(group.every) is not between 1 and \(cells - 1)")
      }
      guard !Self.couldBeDigit(group.text.utf8.first) else {
        throw DialectError(
          path: place + ["text"], message: "\"\(group.text)\" could not be told from a cell: it begins with a hex digit"
        )
      }
    }
    if let unreadable {
      try require(
        unreadable.utf8.count == 1 && !Self.couldBeDigit(unreadable.utf8.first), "unreadable",
        else: "\"\(unreadable)\" is not one character that is no hex digit")
    }
  }

  private func requirePlain(_ text: String, at path: [String]) throws(DialectError) {
    guard text.utf8.count <= 64, text.utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 }) else {
      throw DialectError(path: path, message: "must be up to 64 printable ASCII characters, blanks and tabs")
    }
  }

  /// A line made by this layout must be read back by it, whole and short, or no line of the console ever will be.
  private func validateSample() throws(DialectError) {
    guard strip == nil else { return }
    let bytes = (0..<lineBytes).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 0x41) }
    let sent = bytes + bytes.prefix(cellBytes)
    let order = self.order == .value ? ByteOrder.little : nil
    var parser = DumpParser(layout: self, byteOrder: order, checksGutter: true, address: 0, length: sent.count)
    for start in stride(from: 0, to: sent.count, by: lineBytes) {
      let piece = Array(sent[start..<min(start + lineBytes, sent.count)])
      parser.consume(Array((line(address: UInt64(start), bytes: piece, byteOrder: order) + "\r\n").utf8))
    }
    guard parser.isComplete, parser.bytes == sent else {
      throw DialectError(
        path: [],
        message: "a line of this form would not be read back: \(line(address: 0, bytes: bytes, byteOrder: order))")
    }
  }

  /// Whether a text that begins with this byte could be taken for the digits before it. An empty text cannot stand
  /// between two numbers.
  static func couldBeDigit(_ byte: UInt8?) -> Bool {
    guard let byte else { return true }
    return UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte | 0x20
  }
}

extension LineLayout.Gutter {
  func validate() throws(DialectError) {
    for (key, text) in [("open", open), ("close", close)] {
      guard text.utf8.count <= 16, text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
        throw DialectError(path: [key], message: "must be up to 16 printable ASCII characters")
      }
    }
    try require(
      open.first == " ", "open", else: "\"\(open)\" must begin with a blank, which ends the last cell")
    try require(
      printable.lowerBound >= 0x20 && printable.upperBound <= 0x7F, "printable",
      else: "only bytes from 32 to 127 can be shown as themselves")
    try require((0x20...0x7E).contains(dot), "dot", else: "must be a printable character")
    try require(split.map { $0 > 0 } ?? true, "split", else: "\(split ?? 0) is no number of characters")
  }
}
