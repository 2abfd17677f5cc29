extension BenchmarkRow {
  static let columns: [ResultColumn] = [
    .text("subject"), .number("measured"), .text("against"), .number("ratio"), .text("target"), .text("met"),
  ]

  var cells: [String] {
    [
      subject, "\(ResultTable.number(measured)) \(unit)",
      "\(ResultTable.number(reference)) \(unit), \(referenceName)", ResultTable.ratio(ratio),
      target.map(text) ?? "", target == nil ? "" : isMet ? "yes" : "NO",
    ]
  }

  private func text(_ target: Target) -> String {
    let side = target.side == .atLeast ? "at least" : "at most"
    return target.number == .ratio
      ? "\(side) \(ResultTable.ratio(target.limit))" : "\(side) \(ResultTable.number(target.limit)) \(unit)"
  }
}
