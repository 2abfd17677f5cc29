import DumpEngine

extension FuzzTarget {
  /// ddrescue's mapfiles.
  static let mapfile = FuzzTarget("mapfile") { bytes in
    do {
      let map = try Mapfile(reading: bytes)
      try check(map)
    } catch let error as MapfileError {
      let lines = bytes.count { $0 == 0x0A } + 1
      try expect((0...lines).contains(error.line), "an error in line \(error.line) of \(lines)")
      try expect(error.description.isPrintable, "an error that cannot be read")
    }
    return true
  }

  static func check(_ map: Mapfile) throws {
    var next = 0
    for block in map.blocks {
      try expect(block.range.lowerBound == next && !block.range.isEmpty, "a gap or an overlap at \(next)")
      next = block.range.upperBound
    }
    let ranges = Mapfile.Status.allCases.map { map.ranges($0).ranges.reduce(0) { $0 + $1.count } }
    try expect(ranges.reduce(0, +) == next, "the ranges are not all of the \(next) bytes")
    let again = try Mapfile(reading: Array(map.text(region: "r").utf8))
    try expect(again == map, "a map reads back as another one")
  }
}
