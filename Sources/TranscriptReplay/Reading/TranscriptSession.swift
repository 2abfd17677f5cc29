import Foundation

/// The files that one session's transcript consists of.
public struct TranscriptSession: Sendable, Equatable {
  /// The name of the plain file: `console.log`, `console-2.log`.
  public let name: String
  /// Paths in order: the segments, and then the plain file where there is one. A nil stands where a segment should be
  /// and is not.
  public let files: [String?]

  /// All sessions of a unit's folder, the first one first.
  ///
  /// - Throws: where the folder cannot be read.
  public static func all(in folder: String) throws(TranscriptError) -> [TranscriptSession] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw TranscriptError(path: folder, line: 0, reason: "the folder cannot be read: \(error.localizedDescription)")
    }
    var parts: [Int: [Part]] = [:]
    for name in names {
      if let part = Part(name) { parts[part.session, default: []].append(part) }
    }
    return parts.keys.sorted().map { TranscriptSession(number: $0, parts: parts[$0] ?? [], folder: folder) }
  }

  private init(number: Int, parts: [Part], folder: String) {
    name = number == 1 ? "console.log" : "console-\(number).log"
    var segments: [Int: Part] = [:]
    for part in parts {
      guard let segment = part.segment else { continue }
      // Both are there where the plain one was about to be removed: only a whole one is ever called `.gz`.
      if part.isCompressed || segments[segment] == nil { segments[segment] = part }
    }
    let last = segments.keys.max() ?? 0
    let plain = parts.first { $0.segment == nil }
    // A number that nobody has written must not make this list endless.
    let present =
      last <= 2 * segments.count + 16 ? Array(stride(from: 1, through: last, by: 1)) : segments.keys.sorted()
    files = present.map { segments[$0].map { "\(folder)/\($0.name)" } } + (plain.map { ["\(folder)/\($0.name)"] } ?? [])
  }

  /// One file's name, taken apart.
  private struct Part {
    let name: String
    let session: Int
    let segment: Int?
    let isCompressed: Bool

    /// Absent where no transcript is called so.
    init?(_ name: String) {
      guard let match = name.wholeMatch(of: /console(?:-([1-9][0-9]{0,8}))?\.log(?:\.([1-9][0-9]{0,8})(\.gz)?)?/) else {
        return nil
      }
      self.name = name
      session = match.1.flatMap { Int($0) } ?? 1
      segment = match.2.flatMap { Int($0) }
      isCompressed = match.3 != nil
      if match.1 != nil, session < 2 { return nil }
    }
  }
}
