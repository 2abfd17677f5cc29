import CZlib
import DurableFiles

/// Checksums of what is finished of an image, page by page, so that a later session can tell what has happened to the
/// file meanwhile.
///
/// Only finished blocks count: their bytes never change, whereas what is held without proof may be written over at any
/// instant.
public struct PageChecks: Sendable, Equatable, Codable {
  /// Bytes of a page.
  package static let pageSize = 64 * 1024

  /// CRC-32 over the finished bytes of a page, by the page's number from 0; pages without any are absent.
  private var checksums: [Int: UInt32] = [:]

  /// Of an image of which nothing is finished.
  public init() {}

  /// Computes the checksums of the pages that `changed` touches anew.
  package mutating func update(_ changed: RangeSet<Int>, finished: RangeSet<Int>, of file: DiskFile) throws(DiskError) {
    for page in Self.pages(of: changed) {
      let parts = Self.parts(of: page, finished)
      checksums[page] = parts.isEmpty ? nil : try Self.checksum(parts, file)
    }
  }

  /// The finished ranges that the file does not hold any more as they were.
  ///
  /// - Parameter touched: whose pages are looked at; absent: all.
  public func damaged(
    finished: RangeSet<Int>, in file: DiskFile, touched: RangeSet<Int>? = nil
  ) -> RangeSet<Int> {
    var damaged = RangeSet<Int>()
    let looked = touched.map { Set(Self.pages(of: $0)) }
    for page in Self.pages(of: finished) where looked?.contains(page) != false {
      let parts = Self.parts(of: page, finished)
      if let before = checksums[page], before == (try? Self.checksum(parts, file)) { continue }
      for part in parts { damaged.insert(contentsOf: part) }
    }
    return damaged
  }

  /// The pages, from 0, whose checksum is not that of the file's finished bytes, and those that have none or too many.
  package func audit(
    finished: RangeSet<Int>, in file: DiskFile
  ) throws(DiskError) -> (differing: [Int], unaccounted: [Int]) {
    let pages = Self.pages(of: finished)
    var (differing, unaccounted) = ([Int](), Set(checksums.keys).subtracting(pages).sorted())
    for page in pages {
      guard let before = checksums[page] else {
        unaccounted.append(page)
        continue
      }
      if try before != Self.checksum(Self.parts(of: page, finished), file) { differing.append(page) }
    }
    return (differing, unaccounted)
  }

  private static func pages(of ranges: RangeSet<Int>) -> [Int] {
    var pages = Set<Int>()
    for range in ranges.ranges { pages.formUnion(range.lowerBound / pageSize...(range.upperBound - 1) / pageSize) }
    return pages.sorted()
  }

  private static func parts(of page: Int, _ finished: RangeSet<Int>) -> [Range<Int>] {
    Array(finished.intersection(RangeSet(page * pageSize..<(page + 1) * pageSize)).ranges)
  }

  private static func checksum(_ parts: [Range<Int>], _ file: DiskFile) throws(DiskError) -> UInt32 {
    var checksum: UInt = 0
    for part in parts {
      let bytes = try file.read(part.count, at: part.lowerBound)
      checksum = CZlib.crc32_z(checksum, bytes, bytes.count)
    }
    return UInt32(truncatingIfNeeded: checksum)
  }
}
