import Glibc

extension UBootFirmware {
  /// Bytes of either range that are looked at in one go.
  private static let comparedAtOnce = 1 << 16

  /// `cmp[.b, .w, .l, .q] addr1 addr2 count` (`do_mem_cmp` of `cmd/mem.c`): it ends at the first difference, and takes
  /// as long for each byte as a digest.
  mutating func compareMemory(_ words: [String], _ machine: inout Machine) {
    guard words.count == 4 else { return usage(.cmp) }
    guard let width = width(of: words[0]) else { return fail() }
    var comparison = MemoryComparison(
      one: address(words[1]) &+ addressBase, other: address(words[2]) &+ addressBase, width: width,
      count: number(words[3]))
    let outcome = compare(&comparison, &machine)
    if case .unreadable(let place) = outcome { return abort(at: place) }
    let bytes = comparison.offset
    let request = DigestRequest(algorithm: "cmp", start: masked(comparison.one), count: bytes)
    guard let delay = machine.faults.comparison(request, &machine.counters.faults) else { return plan([.reset]) }
    machine.counters.bytesCompared += Int(clamping: bytes)
    let total = "Total of \(comparison.same) \(cells(comparison)) were the same\n"
    if case .different(let left, let right) = outcome {
      let (one, other) = (told(left, at: comparison.one, comparison), told(right, at: comparison.other, comparison))
      fail("\(one) != \(other)\n\(total)")
    } else {
      plan([.text(total)])
    }
    plan([.pause(delay)])
  }

  /// Compares up to the first difference or the first cell that cannot be read.
  private func compare(_ comparison: inout MemoryComparison, _ machine: inout Machine) -> MemoryComparison.Outcome {
    let width = comparison.width
    while comparison.same < comparison.count {
      var part = Int(min(comparison.count - comparison.same, UInt64(Self.comparedAtOnce / width)))
      var found = nextCells(comparison, part, &machine)
      // Cells before the one that cannot be read still count, for one of them may differ.
      while found == nil, part > 1 {
        part /= 2
        found = nextCells(comparison, part, &machine)
      }
      let one = masked(comparison.one &+ comparison.offset)
      guard let pieces = found else {
        let isOther = memory.bytes(at: one, count: width) != nil
        return .unreadable(isOther ? masked(comparison.other &+ comparison.offset) : one)
      }
      guard memcmp(pieces.left, pieces.right, part * width) != 0 else {
        comparison.same += UInt64(part)
        continue
      }
      let place = pieces.left.indices.first { pieces.left[$0] != pieces.right[$0] } ?? 0
      let cell = place / width
      comparison.same += UInt64(cell)
      let bytes = cell * width..<(cell + 1) * width
      return .different(Array(pieces.left[bytes]), Array(pieces.right[bytes]))
    }
    return .same
  }

  /// The next cells of both ranges as they are read; nil where any of them cannot be.
  private func nextCells(
    _ comparison: MemoryComparison, _ cells: Int, _ machine: inout Machine
  ) -> (left: [UInt8], right: [UInt8])? {
    let one = masked(comparison.one &+ comparison.offset)
    let other = masked(comparison.other &+ comparison.offset)
    let count = cells * comparison.width
    guard var left = memory.bytes(at: one, count: count), var right = memory.bytes(at: other, count: count) else {
      return nil
    }
    machine.faults.disturb(&left, at: one, &machine.counters.faults)
    machine.faults.disturb(&right, at: other, &machine.counters.faults)
    return (left, right)
  }

  /// What was compared, as the line of the total counts it.
  private func cells(_ comparison: MemoryComparison) -> String {
    guard options.digestText == .old else { return comparison.name + "(s)" }
    return comparison.name + (comparison.same == 1 ? "" : "s")
  }

  /// A cell that differs, and where: `byte at 0x40200000 (0xd0)`.
  private func told(_ bytes: [UInt8], at start: UInt64, _ comparison: MemoryComparison) -> String {
    let highestFirst = options.byteOrder == .little ? bytes.reversed() : bytes
    let digits = String(highestFirst.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }, radix: 16)
    // `%#0*lx` with the bytes of a cell as the width, `0x` included; before, as many digits as a cell has.
    let width = options.digestText == .old ? 2 * bytes.count : bytes.count - 2
    let zeros = String(repeating: "0", count: max(0, width - digits.count))
    return "\(comparison.name) at 0x\(padded(masked(start &+ comparison.offset))) (0x\(zeros)\(digits))"
  }
}

/// Two ranges that are compared cell by cell, and how far that has come.
private struct MemoryComparison {
  enum Outcome {
    case same
    case different([UInt8], [UInt8])
    case unreadable(UInt64)
  }

  let one: UInt64
  let other: UInt64
  /// Bytes of a cell.
  let width: Int
  /// Cells to compare.
  let count: UInt64
  /// Cells from the start that were the same.
  var same: UInt64 = 0

  /// Bytes from the start that were the same.
  var offset: UInt64 { same &* UInt64(width) }

  /// What U-Boot calls a cell.
  var name: String {
    switch width {
    case 1: "byte"
    case 2: "halfword"
    case 8: "double word"
    default: "word"
    }
  }
}
