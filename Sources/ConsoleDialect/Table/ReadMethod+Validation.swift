extension ReadMethod {
  /// The most bytes that a command may always print: they are held in memory.
  private static let longestFixed = 16 << 20

  func validate(lineLimit: Int) throws(DialectError) {
    try require(!name.isEmpty && name.utf8.count <= 40, "name", else: "a method needs a name of up to 40 characters")
    do { try layout.validate() } catch { throw error.below("layout") }
    try validateTemplates(lineLimit: lineLimit)
    try require(
      align > 0 && align % layout.cellBytes == 0, "align",
      else: "\(align) is no multiple of a cell, which has \(layout.cellBytes) bytes")
    try require(
      align <= Self.longestFixed, "align", else: "\(align) bytes are more than \(Self.longestFixed) at once")
    if let fixedLength {
      try require(
        fixedLength > 0 && fixedLength % layout.lineBytes == 0, "fixedLength",
        else: "\(fixedLength) is no multiple of a line, which has \(layout.lineBytes) bytes")
      try require(
        fixedLength <= Self.longestFixed, "fixedLength",
        else: "\(fixedLength) bytes are more than \(Self.longestFixed) at once")
    }
    if let maxLength {
      try require(
        maxLength >= align && maxLength % align == 0, "maxLength",
        else: "\(maxLength) is no multiple of align, which is \(align)")
    }
  }

  private func validateTemplates(lineLimit: Int) throws(DialectError) {
    var used = command.placeholders
    do {
      try command.checked(allowing: Self.placeholders)
    } catch {
      throw DialectError(path: ["command"], message: error.description)
    }
    for (index, step) in dialogue.enumerated() {
      used.formUnion(step.send.placeholders)
      do {
        try step.send.checked(allowing: Self.placeholders)
      } catch {
        throw DialectError(path: ["dialogue", "\(index)", "send"], message: error.description)
      }
    }
    try require(used.contains("address"), "command", else: "\"\(command)\" does not say where to read: {address}")
    try require(
      fixedLength != nil || !used.isDisjoint(with: ["length", "count", "lines", "end", "last"]), "command",
      else: "\"\(command)\" does not say how much to read: one of {length}, {count}, {lines}, {end}, {last}")
    try requireRoom(for: command(address: 0xFFFF_FFFF, length: 0x1_0000), lineLimit: lineLimit)
  }
}

extension DigestMethod {
  func validate(lineLimit: Int) throws(DialectError) {
    do {
      try command.checked(allowing: Self.placeholders)
    } catch {
      throw DialectError(path: ["command"], message: error.description)
    }
    let used = command.placeholders
    try require(
      used.contains("address") && used.count > 1, "command",
      else: "\"\(command)\" must say where, {address}, and how far: one of {length}, {end}, {last}")
    try require(
      reply.groupCount > 0, "reply", else: "\"\(reply)\" has no group ( ) that marks the digest")
    try requireRoom(for: command(address: 0xFFFF_FFFF, length: 0x100_0000), lineLimit: lineLimit)
  }
}

extension ComparisonMethod {
  func validate(lineLimit: Int) throws(DialectError) {
    do {
      try command.checked(allowing: Self.placeholders)
    } catch {
      throw DialectError(path: ["command"], message: error.description)
    }
    try require(
      command.placeholders == Self.placeholders, "command",
      else: "\"\(command)\" must say what to compare: {address}, {other} and {length}")
    try require(
      reply.groupCount > 0, "reply", else: "\"\(reply)\" has no group ( ) that marks how many bytes were the same")
    let longest = command(address: 0xFFFF_FFFF, other: 0xFFFF_FFFF, length: 0x100_0000)
    try requireRoom(for: longest, lineLimit: lineLimit)
  }
}

/// Throws unless the longest line that a command makes fits into the console's.
private func requireRoom(for line: String, lineLimit: Int) throws(DialectError) {
  try require(
    line.utf8.count <= lineLimit, "command",
    else: "a command of \(line.utf8.count) characters is longer than the console's line, which has \(lineLimit)")
}
