import DumpEngine
import DumpReport

extension Evidence {
  /// Why bytes are believed, in words that follow "by".
  var words: String {
    switch self {
    case .deviceDigest: "the unit's own digest"
    case .reread: "a second read"
    case .imageFooter: "image footer"
    case .none: "nothing"
    }
  }

  /// The same in the fewest words, with the kind of digest.
  fileprivate var brief: String {
    switch self {
    case .deviceDigest(let algorithm): "own \(algorithm.rawValue)"
    case .reread: "second read"
    case .imageFooter: "footer"
    case .none: "none"
    }
  }

  /// Strongest first.
  fileprivate var rank: Int {
    switch self {
    case .deviceDigest: 0
    case .imageFooter: 1
    case .reread: 2
    case .none: 3
    }
  }
}

extension [RegionResult] {
  /// Every kind of evidence in them, strongest first, as words that follow "by"; empty where no byte is held.
  var evidenceWords: String { kinds { $0.words }.joined(separator: " and ") }

  /// The same, short, for a table.
  var evidenceBrief: String { kinds { $0.brief }.joined(separator: ", ") }

  private func kinds(_ text: (Evidence) -> String) -> [String] {
    let all = Set(flatMap { $0.blocks.map(\.evidence) })
    let sorted = all.map { (rank: $0.rank, text: text($0)) }.sorted { $0 < $1 }
    return sorted.reduce(into: []) { if $0.last != $1.text { $0.append($1.text) } }
  }
}
