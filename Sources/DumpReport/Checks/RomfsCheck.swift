import DumpEngine
import DumpManifest

/// A romfs in the image: magic, size, checksum of its first bytes, and the header of every file.
///
/// The content of files carries no checksum in this format: it is believed by the evidence of its blocks alone.
public struct RomfsCheck: ImageCheck {
  /// Where the file system begins, in bytes; absent: found by its magic.
  public var offset: Int?

  /// The most places with the magic that are tried.
  static let mostCandidates = 10_000
  /// Files that the message names.
  static let named = 6

  /// A check at an offset, or wherever a file system is found.
  public init(offset: Int? = nil) {
    self.offset = offset
  }

  /// Lists what it finds.
  public func run(on image: Span<UInt8>) -> CheckResult {
    guard let offset else { return search(image) }
    guard image.indices.contains(offset) else {
      return result(
        false, "romfs at \(offset.hex): the image ends before that, at \(image.count.hex); correct the offset")
    }
    switch Self.list(image, at: offset) {
    case .success(let listing): return result(true, Self.describe(listing, at: offset))
    case .failure(let damage): return result(false, "romfs at \(offset.hex): \(damage)")
    }
  }

  /// The first damage decides, so that an intact file system behind it cannot hide it. But a magic whose first bytes
  /// do not add up may be no file system at all (mount programs hold the word, too): it decides only where nothing else
  /// is found.
  private func search(_ image: Span<UInt8>) -> CheckResult {
    var whole: CheckResult?
    var doubtful: CheckResult?
    var position = 0
    var tried = 0
    while let start = Self.nextMagic(in: image, from: position) {
      tried += 1
      guard tried <= Self.mostCandidates else {
        return result(false, "romfs: gave up after \(Self.mostCandidates.grouped) magics; give the check an offset")
      }
      switch Self.list(image, at: start) {
      case .success(let listing):
        whole = whole ?? result(true, Self.describe(listing, at: start))
        position = start + listing.size
      case .failure(let damage):
        let failed = result(false, "romfs at \(start.hex): \(damage)")
        if damage.isCertain { return failed }
        doubtful = doubtful ?? failed
        position = start + RomfsListing.magic.count
      }
    }
    let expected = "expected \"-rom1fs-\" somewhere, found none in \(image.count.grouped) bytes"
    return whole ?? doubtful ?? result(false, "romfs: \(expected); see whether the region is the right one")
  }

  private static func list(_ image: Span<UInt8>, at offset: Int) -> Result<RomfsListing, RomfsDamage> {
    do throws(RomfsDamage) {
      return .success(try RomfsListing(image.extracting(offset..<image.count)))
    } catch {
      return .failure(error)
    }
  }

  private static func nextMagic(in image: Span<UInt8>, from start: Int) -> Int? {
    var position = start
    while position + RomfsListing.magic.count <= image.count {
      if image[position] == RomfsListing.magic[0] && RomfsListing.hasMagic(image.extracting(position..<image.count)) {
        return position
      }
      position += 1
    }
    return nil
  }

  private static func describe(_ listing: RomfsListing, at offset: Int) -> String {
    let files = listing.entries.filter { $0.kind == .file }
    let folders = listing.entries.count { $0.kind == .directory }
    let others = listing.entries.count - files.count - folders
    let names = files.prefix(named).map { "\(SafeText(listing.path(of: $0), limit: 60)) (\($0.size.grouped))" }
    let more = files.count > named ? " and \((files.count - named).grouped) more" : ""
    return "romfs at \(offset.hex): \"\(SafeText(listing.volume, limit: 40))\", \(listing.size.grouped) bytes, "
      + "\(listing.headers.grouped) headers right: \(files.count.grouped) files, \(folders.grouped) directories, "
      + "\(others.grouped) others" + (names.isEmpty ? "" : ": ") + names.joined(separator: ", ") + more
  }

  private func result(_ passed: Bool, _ message: String) -> CheckResult {
    ImageCheckRule.Kind.romfs.result(passed: passed, message)
  }
}
