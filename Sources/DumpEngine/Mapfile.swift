/// The state of a region in GNU ddrescue's text format, so that other tools can read it.
///
/// Source: GNU ddrescue manual, "Mapfile structure": comment lines, a status line (current position, current status,
/// current pass), then position, size and status of each block; `+` finished, `-` bad, `?` not tried.
enum Mapfile {
  /// The text for what a ledger knows.
  static func text(_ ledger: BlockLedger, region: String, tool: String) -> String {
    var next = 0
    var lines: [String] = []
    let known =
      ledger.held.ranges.map { ($0, "+") } + ledger.bad.ranges.map { ($0, "-") }
    for (range, status) in known.sorted(by: { $0.0.lowerBound < $1.0.lowerBound }) {
      if next < range.lowerBound { lines.append(line(next..<range.lowerBound, "?")) }
      lines.append(line(range, status))
      next = range.upperBound
    }
    if next < ledger.size { lines.append(line(next..<ledger.size, "?")) }
    let finished = ledger.heldBytes == ledger.size
    let head = [
      "# Mapfile. Written by \(tool) for region \(region)",
      "# current_pos  current_status  current_pass",
      "\(hex(finished ? 0 : next))     \(finished ? "+" : "?")               1",
      "#      pos        size  status",
    ]
    return (head + lines).joined(separator: "\n") + "\n"
  }

  private static func line(_ range: Range<Int>, _ status: String) -> String {
    "\(hex(range.lowerBound))  \(hex(range.count))  \(status)"
  }

  private static func hex(_ value: Int) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return "0x" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }
}
