import ConsoleDialect

/// How a method's replies are to be read, as far as a transcript shows it.
struct ReplyForm: Equatable {
  /// The order of bytes in its cells, where it prints values; absent also where that cannot be told.
  var byteOrder: ByteOrder?
  /// Whether its character column can be relied on.
  var checksGutter: Bool

  /// Whether replies of `method` can be read at all.
  func isEnough(for method: ReadMethod) -> Bool { byteOrder != nil || !method.printsValues }
}

extension ReadMethod {
  /// Whether its cells depend on the target's byte order.
  var printsValues: Bool { layout.order == .value && layout.cellBytes > 1 }
}

extension DumpParser {
  /// The longest reply that is read back, in bytes: a command line that was tampered with must not take all memory.
  static let longestReply = 64 << 20

  /// A parser for a command's reply; absent where it asks for more than anybody would.
  init?(_ method: ReadMethod, _ range: CommandRange, _ form: ReplyForm) {
    guard range.length <= Self.longestReply, form.isEnough(for: method) else { return nil }
    self.init(
      layout: method.layout, byteOrder: form.byteOrder, checksGutter: form.checksGutter, address: range.address,
      length: range.length)
  }

  /// The offsets that are held, in order.
  var held: [Range<Int>] {
    var held: [Range<Int>] = []
    var next = 0
    for gap in missing {
      if next < gap.lowerBound { held.append(next..<gap.lowerBound) }
      next = gap.upperBound
    }
    if next < bytes.count { held.append(next..<bytes.count) }
    return held
  }
}
