import ConsoleDialect
import PositionedDocument

/// Reads how a region of `size` bytes is copied into RAM.
struct StagingRule {
  /// What the command may be told.
  static let placeholders: Set<String> = ["ram", "offset", "size", "block", "blocks"]
  private static let defaultPiece: UInt64 = 1 << 20

  let findings: Findings
  let size: UInt64

  /// The staging; nil where it is refused.
  func staging(_ entry: StagingEntry, at path: DocumentPath) -> Staging? {
    let count = findings.problems.count
    checkCommand(entry, at: path.key("command"))
    let offset = entry.offset?.value ?? 0
    if offset.addingReportingOverflow(size).overflow {
      findings.add(path.key("offset"), "offset \(offset.hex) and size \(size.hex) reach beyond the end of 64 bits")
    }
    let piece = min(entry.piece?.value ?? Self.defaultPiece, size)
    if piece == 0 { findings.add(path.key("piece"), "the piece is 0; at least 1 byte is copied at once") }
    if entry.ram.value.addingReportingOverflow(piece).overflow {
      let message = "RAM address \(entry.ram.value.hex) and piece \(piece.hex) reach beyond the end of 64 bits"
      findings.add(path.key("ram"), message)
    }
    checkBlocks(entry, offset: offset, piece: piece, at: path)
    guard findings.problems.count == count else { return nil }
    return Staging(
      command: entry.command, ram: entry.ram.value, offset: offset, piece: Int(piece), expect: entry.expect,
      blockSize: entry.blockSize.map { Int($0.value) })
  }

  private func checkCommand(_ entry: StagingEntry, at path: DocumentPath) {
    let used = entry.command.placeholders
    findings.add(path, ifAny: CommandRule.objection(to: entry.command.text))
    for name in used.subtracting(Self.placeholders).sorted() {
      findings.add(path, "the placeholder {\(name)} is not known; allowed: {ram}, {offset}, {size}, {block}, {blocks}")
    }
    if !used.contains("ram") { findings.add(path, "the command does not say where to copy to; it needs {ram}") }
    if used.isDisjoint(with: ["offset", "block"]) {
      findings.add(path, "the command does not say where to copy from; it needs {offset} or {block}")
    }
    if used.isDisjoint(with: ["size", "blocks"]) {
      findings.add(path, "the command does not say how much to copy; it needs {size} or {blocks}")
    }
    if !used.isDisjoint(with: ["block", "blocks"]), entry.blockSize == nil {
      findings.add(path, "{block} and {blocks} need `blockSize`")
    }
  }

  private func checkBlocks(_ entry: StagingEntry, offset: UInt64, piece: UInt64, at path: DocumentPath) {
    guard let block = entry.blockSize?.value else { return }
    guard (1...RegionRule.largest).contains(block) else {
      return findings.add(path.key("blockSize"), "expected 1 byte to 4 GiB, found \(block)")
    }
    if offset % block != 0 {
      findings.add(path.key("offset"), "offset \(offset.hex) is not a multiple of `blockSize`, \(block)")
    }
    if piece < size, piece % block != 0 {
      findings.add(path.key("piece"), "piece \(piece.hex) is not a multiple of `blockSize`, \(block)")
    }
  }
}
