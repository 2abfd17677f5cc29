import DumpEngine
import DumpManifest

/// A whole gzip stream in the image, unpacked to its end, its own CRC and length right.
///
/// Without an offset every place with a gzip header is tried, and what is inside a stream that is right is not looked
/// at again. The check passes where a stream is right and none that truly began to unpack is damaged: otherwise a small
/// intact stream would hide a damaged kernel. Source: RFC 1952.
public struct GzipCheck: ImageCheck {
  /// Where the stream begins, in bytes; absent: found by its magic.
  public var offset: Int?

  /// Output that a candidate must give, in bytes, before its error counts as damage. Bytes that only look like a header
  /// are followed by data that breaks off sooner.
  static let mark = 1024
  /// The most candidates that are tried.
  static let mostCandidates = 10_000
  /// The most output of one run, in bytes, over all candidates. A second or two of work; no boot loader holds more.
  var mostOutput = 1 << 30

  /// A check at an offset, or wherever a stream is found.
  public init(offset: Int? = nil) {
    self.offset = offset
  }

  /// Unpacks what it finds.
  public func run(on image: Span<UInt8>) -> CheckResult {
    guard var stream = GzipStream() else { return result(false, "gzip: no memory to unpack; free some and run again") }
    // Every candidate may run to the image's end; eight times the image is room for a few that do.
    var budget = GzipStream.Budget(input: image.count * 8 + 4096, output: mostOutput)
    guard let offset else { return search(image, with: &stream, within: &budget) }
    guard image.indices.contains(offset) else {
      return result(
        false, "gzip at \(offset.hex): the image ends before that, at \(image.count.hex); correct the offset")
    }
    let found = Candidate(offset, in: image, with: &stream, within: &budget)
    return result(found.outcome.ending == .whole, found.description)
  }

  private func search(
    _ image: Span<UInt8>, with stream: inout GzipStream, within budget: inout GzipStream.Budget
  ) -> CheckResult {
    var whole: [Candidate] = []
    var furthest: Candidate?
    var tried = 0
    var position = 0
    while let start = Self.nextHeader(in: image, from: position) {
      tried += 1
      guard tried <= Self.mostCandidates else {
        return result(false, "gzip: gave up after \(Self.mostCandidates.grouped) headers; give the check an offset")
      }
      let candidate = Candidate(start, in: image, with: &stream, within: &budget)
      if candidate.outcome.ending == .tooLong { return result(false, candidate.description) }
      if candidate.outcome.ending == .whole {
        whole.append(candidate)
        position = start + candidate.outcome.consumed
      } else {
        furthest = [furthest, candidate].compactMap(\.self).max { $0.outcome.unpacked < $1.outcome.unpacked }
        position = start + 1
      }
    }
    return verdict(whole: whole, furthest: furthest, tried: tried, size: image.count)
  }

  private func verdict(whole: [Candidate], furthest: Candidate?, tried: Int, size: Int) -> CheckResult {
    if let furthest, furthest.outcome.unpacked >= Self.mark || whole.isEmpty {
      let others = tried > 1 ? " (\(tried.grouped) places looked like a gzip header)" : ""
      return result(false, furthest.description + others)
    }
    guard let largest = whole.max(by: { $0.outcome.unpacked < $1.outcome.unpacked }) else {
      let expected = "expected 1F 8B 08 and the rest of a gzip header somewhere"
      return result(
        false, "gzip: \(expected), found none in \(size.grouped) bytes; see whether the region is the right one")
    }
    let others = whole.count > 1 ? "; \(whole.count - 1) more right" : ""
    return result(true, largest.description + others)
  }

  /// The next place with a header: magic, method 8, no reserved flag, and values of XFL and OS that RFC 1952 §2.3.1
  /// lists. All of that together is found by chance once in 2^37 bytes.
  private static func nextHeader(in image: Span<UInt8>, from start: Int) -> Int? {
    var position = start
    while position + 10 <= image.count {
      if image[position] == 0x1F && isHeader(image.extracting(position..<position + 10)) { return position }
      position += 1
    }
    return nil
  }

  private static func isHeader(_ bytes: Span<UInt8>) -> Bool {
    let isExtraFlagKnown = [0, 2, 4].contains(bytes[8])
    let isSystemKnown = bytes[9] <= 13 || bytes[9] == 255
    return bytes[0] == 0x1F && bytes[1] == 0x8B && bytes[2] == 8 && bytes[3] & 0xE0 == 0 && isExtraFlagKnown
      && isSystemKnown
  }

  private func result(_ passed: Bool, _ message: String) -> CheckResult {
    ImageCheckRule.Kind.gzip.result(passed: passed, message)
  }
}

/// One place where a stream may begin, and what came of unpacking from there.
private struct Candidate: CustomStringConvertible {
  var offset: Int
  var outcome: GzipStream.Outcome

  init(
    _ offset: Int, in image: Span<UInt8>, with stream: inout GzipStream, within budget: inout GzipStream.Budget
  ) {
    self.offset = offset
    outcome = stream.unpack(image.extracting(offset..<image.count), within: budget)
    budget.input -= outcome.consumed
    budget.output -= outcome.unpacked
  }

  var description: String {
    let unpacked = outcome.unpacked.grouped
    let place = "image offset \((offset + outcome.consumed).hex)"
    let found =
      switch outcome.ending {
      case .whole: "\(unpacked) bytes unpacked from \(outcome.consumed.grouped), CRC right"
      case .damaged("incorrect data check"): "CRC wrong after \(unpacked) bytes of output: the stream is damaged"
      case .damaged("incorrect length check"): "length wrong after \(unpacked) bytes of output: the stream is damaged"
      case .damaged("incorrect header check"): "no gzip header there: expected 1F 8B"
      case .damaged(let words):
        "data error after \(unpacked) bytes of output (\(place), \(words)): the stream is damaged"
      case .truncated: "the image ends after \(unpacked) bytes of output, in the middle of the stream"
      case .tooLong: "gave up after \(unpacked) bytes of output (\(place)): more than this check unpacks"
      }
    return "gzip at \(offset.hex): \(found)"
  }
}
