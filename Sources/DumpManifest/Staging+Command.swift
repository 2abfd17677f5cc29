extension Staging {
  /// How many pieces a region of `size` bytes is copied in.
  public func pieces(of size: Int) -> Int { (size + piece - 1) / piece }

  /// The command that copies piece number `index`, counted from 0, of a region of `size` bytes.
  public func command(piece index: Int, of size: Int) -> String {
    let start = UInt64(index) * UInt64(piece)
    let offset = offset + start
    let length = min(UInt64(piece), UInt64(size) - start)
    var values = ["ram": ram, "offset": offset, "size": length]
    if let unit = blockSize.map(UInt64.init) {
      values["block"] = offset / unit
      values["blocks"] = (length + unit - 1) / unit
    }
    return command.render(values)
  }

  /// Which piece of a region of `size` bytes a command line copies; absent where it is another command.
  public func piece(copiedBy line: String, of size: Int) -> Int? {
    guard let values = command.values(in: line) else { return nil }
    let unit = UInt64(blockSize ?? 1)
    let place = values["offset"] ?? values["block"]?.multipliedReportingOverflow(by: unit).partialValue
    guard let place, place >= offset, (place - offset) % UInt64(piece) == 0 else { return nil }
    let index = Int(exactly: (place - offset) / UInt64(piece)) ?? Int.max
    return index < pieces(of: size) && command(piece: index, of: size) == line ? index : nil
  }
}
