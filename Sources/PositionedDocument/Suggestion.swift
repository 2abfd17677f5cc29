/// Advice for a word that is not among the allowed ones.
public enum Suggestion {
  /// ``did you mean `x`?`` where a word is close, else the list of all of them: `allowed: a, b, c`.
  public static func advice(for word: String, among allowed: [String]) -> String {
    if let near = nearest(to: word, among: allowed) { return "did you mean `\(near)`?" }
    return allowed.isEmpty ? "nothing is allowed here" : "allowed: " + allowed.joined(separator: ", ")
  }

  /// The closest word, if one is close, and the list of all: ``did you mean `a`? known: a, b, c``.
  public static func list(for word: String, among known: [String]) -> String {
    let near = nearest(to: word, among: known).map { "did you mean `\($0)`? " } ?? ""
    return near + "known: " + known.joined(separator: ", ")
  }

  /// The allowed word with the smallest edit distance, if that is small for its length.
  public static func nearest(to word: String, among allowed: [String]) -> String? {
    guard word.count <= 60 else { return nil }
    let near = allowed.map { (word: $0, distance: distance(word.lowercased(), $0.lowercased())) }
      .min { $0.distance < $1.distance }
    guard let near, near.distance <= max(1, max(word.count, near.word.count) / 3) else { return nil }
    return near.word
  }

  /// Insertions, deletions, replacements and swaps of neighbours that make one word of the other (optimal string
  /// alignment).
  static func distance(_ one: String, _ other: String) -> Int {
    let one = Array(one)
    let other = Array(other)
    var rows = [Array(0...other.count)]
    for row in 1...max(1, one.count) where row <= one.count {
      var current = [row]
      for column in 1...max(1, other.count) where column <= other.count {
        let replaced = rows[row - 1][column - 1] + (one[row - 1] == other[column - 1] ? 0 : 1)
        var best = min(replaced, rows[row - 1][column] + 1, current[column - 1] + 1)
        let isSwap =
          row > 1 && column > 1 && one[row - 1] == other[column - 2] && one[row - 2] == other[column - 1]
        if isSwap { best = min(best, rows[row - 2][column - 2] + 1) }
        current.append(best)
      }
      rows.append(current)
    }
    return rows[one.count][other.count]
  }
}
