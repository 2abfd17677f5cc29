import DeviceDigests
import DurableFiles

/// Something in which an image is not what its transcripts show.
public struct ImageDifference: Sendable, Equatable, CustomStringConvertible {
  /// What it is.
  public enum Kind: Sendable, Equatable {
    /// The image's bytes are others than those that were printed. The first 16 of each.
    case bytes(image: [UInt8], transcript: [UInt8])
    /// The transcripts show neither these bytes nor a digest that they agree with, so that nothing speaks for the
    /// image's.
    case unseen
    /// The image has so many bytes, the region another number.
    case size(Int)
    /// The unit has said another digest than what was printed has, or what the image has where nothing was printed.
    case digest(UnitDigest)
  }

  /// The region's name.
  public var region: String
  /// Where, in bytes from the region's start.
  public var range: Range<Int>
  /// What it is.
  public var kind: Kind

  /// One sentence.
  public var description: String {
    let place = "\(region) \(range.place)"
    switch kind {
    case .bytes(let image, let transcript):
      return "\(place): the image has \(Self.hex(image, of: range)), the transcript \(Self.hex(transcript, of: range))"
    case .unseen: return "\(place): not in the transcript"
    case .size(let bytes): return "\(region): the image has \(bytes) bytes, the region \(range.count)"
    case .digest(let digest):
      return "\(place): the unit said \(digest.algorithm.rawValue) \(digest.value), what is there has another"
    }
  }

  private static func hex(_ bytes: [UInt8], of range: Range<Int>) -> String {
    let cells = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
    return cells + (bytes.count < range.count ? " …" : "")
  }
}

/// Compares a rebuilt region with an image.
public struct RebuildComparison {
  private static let piece = 1 << 20
  /// Differences this close together, in bytes, are told as one.
  private static let joining = 16
  private static let shown = 16

  private let region: RebuiltRegion

  /// - Parameter region: what the transcripts show.
  public init(_ region: RebuiltRegion) { self.region = region }

  /// All in which an image is not what the transcripts show, by place; empty where it is that exactly.
  ///
  /// - Parameters:
  ///   - path: the image's path.
  ///   - claimed: the bytes that the image claims to hold; absent: all of them.
  /// - Throws: where the image cannot be read.
  public func differences(from path: String, claimed: RangeSet<Int>? = nil) throws(DiskError) -> [ImageDifference] {
    let file = try DiskFile(reading: path)
    let size = try file.size
    let whole = 0..<region.bytes.count
    let claimed = (claimed ?? RangeSet(whole)).intersection(RangeSet(0..<min(size, whole.count)))
    var found: [ImageDifference] = []
    if size != whole.count { found.append(ImageDifference(region: region.name, range: whole, kind: .size(size))) }
    let said = try region.ofUnseen.filter { RangeSet($0.range).isSubset(of: claimed) }.map { digest throws(DiskError) in
      (digest: digest, agrees: try Self.agrees(file, with: digest))
    }
    let vouched = RangeSet(said.filter(\.agrees).map(\.digest.range)).union(region.confirmed)
    for range in region.missing.intersection(claimed).subtracting(vouched).ranges {
      found.append(ImageDifference(region: region.name, range: range, kind: .unseen))
    }
    for range in claimed.subtracting(region.missing).ranges {
      for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.piece) {
        let part = start..<min(start + Self.piece, range.upperBound)
        found += differences(in: part, try file.read(part.count, at: start))
      }
    }
    let refuted = region.contradicted + said.filter { !$0.agrees }.map(\.digest)
    for digest in refuted where !RangeSet(digest.range).isSubset(of: vouched) {
      found.append(ImageDifference(region: region.name, range: digest.range, kind: .digest(digest)))
    }
    return found.sorted { ($0.range.lowerBound, $0.range.count) < ($1.range.lowerBound, $1.range.count) }
  }

  /// Whether the unit has said of a range what the file holds there.
  private static func agrees(_ file: borrowing DiskFile, with digest: UnitDigest) throws(DiskError) -> Bool {
    var ours = HostDigest(digest.algorithm)
    for start in stride(from: digest.range.lowerBound, to: digest.range.upperBound, by: piece) {
      ours.update(try file.read(min(piece, digest.range.upperBound - start), at: start))
    }
    return ours.hex == digest.value
  }

  private func differences(in part: Range<Int>, _ image: [UInt8]) -> [ImageDifference] {
    guard region.bytes[part] != image[...] else { return [] }
    var ranges: [Range<Int>] = []
    for index in part where region.bytes[index] != image[index - part.lowerBound] {
      if let last = ranges.last, index - last.upperBound < Self.joining {
        ranges[ranges.count - 1] = last.lowerBound..<index + 1
      } else {
        ranges.append(index..<index + 1)
      }
    }
    return ranges.map { range in
      let shown = range.prefix(Self.shown)
      return ImageDifference(
        region: region.name, range: range,
        kind: .bytes(
          image: shown.map { image[$0 - part.lowerBound] }, transcript: shown.map { region.bytes[$0] }))
    }
  }
}
