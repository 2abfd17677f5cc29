import Synchronization

/// A unit's address space: areas of initial content with written pages laid over them. What the unit's programs have
/// written is lost when it starts anew, as RAM is; what was changed from outside stays, as in flash.
///
/// The unit's firmware and whoever compares a dump with the truth both read it, hence the lock.
final class UnitMemory: Sendable {
  private let areas: Mutex<[MappedArea]>

  /// Builds the space; throws where areas overlap or content cannot be had.
  init(_ description: [MemoryArea]) throws {
    let mapped = try description.map(MappedArea.init).sorted { $0.address < $1.address }
    for (lower, upper) in zip(mapped, mapped.dropFirst()) where lower.end > upper.address {
      throw SimulatorError(
        "memory areas overlap: \(hex(lower.address))+\(hex(UInt64(lower.size))) reaches \(hex(upper.address)); "
          + "make the areas of a unit disjoint")
    }
    areas = Mutex(mapped)
  }

  /// The lowest area that is mapped; empty in an empty space.
  var firstArea: (address: UInt64, size: Int) { areas.withLock { ($0.first?.address ?? 0, $0.first?.size ?? 0) } }

  /// All that is mapped, in order.
  var ranges: [MemoryRange] { areas.withLock { $0.map { MemoryRange(address: $0.address, size: $0.size) } } }

  /// The bytes at `address`, or nil where any of them is unmapped.
  func bytes(at address: UInt64, count: Int) -> [UInt8]? {
    var found: [UInt8] = []
    found.reserveCapacity(count)
    return read(address, count, into: &found) ? found : nil
  }

  /// Appends the bytes at `address` to `bytes`; false, with nothing or a part appended, where any is unmapped.
  func read(_ address: UInt64, _ count: Int, into bytes: inout [UInt8]) -> Bool {
    areas.withLock { areas in
      var address = address
      var left = count
      while left > 0 {
        guard let index = Self.index(of: address, in: areas) else { return false }
        let offset = Int(address - areas[index].address)
        let part = min(left, areas[index].size - offset)
        areas[index].append(offset, part, to: &bytes)
        address += UInt64(part)
        left -= part
      }
      return true
    }
  }

  /// Writes bytes; false, with a part written, where any address is unmapped.
  ///
  /// - Parameter isLasting: whether they outlast a reset.
  func write(_ bytes: some Collection<UInt8>, at address: UInt64, isLasting: Bool = false) -> Bool {
    areas.withLock { areas in
      var address = address
      for byte in bytes {
        guard let index = Self.index(of: address, in: areas) else { return false }
        areas[index].write(byte, at: Int(address - areas[index].address), isLasting: isLasting)
        address &+= 1
      }
      return true
    }
  }

  /// Loses what was written, but for what lasts.
  func loseWritten() {
    areas.withLock { areas in for index in areas.indices { areas[index].loseWritten() } }
  }

  private static func index(of address: UInt64, in areas: [MappedArea]) -> Int? {
    areas.indices.first { areas[$0].address <= address && address < areas[$0].end }
  }
}

/// One area with what was written to it.
private struct MappedArea: Sendable {
  let address: UInt64
  let size: Int
  private let source: ContentSource
  /// Pages as they are now, where anything was written.
  private var pages: [Int: [UInt8]] = [:]
  /// Pages as they are after a reset, where anything has changed for good.
  private var lasting: [Int: [UInt8]] = [:]

  private static let pageSize = 4096

  var end: UInt64 { address + UInt64(size) }

  init(_ area: MemoryArea) throws {
    address = area.address.value
    size = area.size.int
    let (_, overflow) = address.addingReportingOverflow(area.size.value)
    guard size > 0, !overflow, area.size.value <= Int.max else {
      throw SimulatorError(
        "memory area at \(hex(address)) has size \(hex(area.size.value)); allowed are sizes from 1 up to the end of "
          + "the address space")
    }
    source = try ContentSource(area.content, base: address, size: size)
  }

  func append(_ offset: Int, _ count: Int, to bytes: inout [UInt8]) {
    guard !pages.isEmpty else {
      source.append(offset, count, to: &bytes)
      return
    }
    var offset = offset
    let end = offset + count
    while offset < end {
      let inPage = offset % Self.pageSize
      let part = min(Self.pageSize - inPage, end - offset)
      if let page = pages[offset / Self.pageSize] {
        bytes.append(contentsOf: page[inPage..<inPage + part])
      } else {
        source.append(offset, part, to: &bytes)
      }
      offset += part
    }
  }

  mutating func write(_ byte: UInt8, at offset: Int, isLasting: Bool) {
    let (number, place) = (offset / Self.pageSize, offset % Self.pageSize)
    if pages[number] == nil { pages[number] = initialPage(number) }
    pages[number]?[place] = byte
    guard isLasting else { return }
    if lasting[number] == nil { lasting[number] = initialPage(number) }
    lasting[number]?[place] = byte
  }

  mutating func loseWritten() { pages = lasting }

  private func initialPage(_ number: Int) -> [UInt8] {
    var page: [UInt8] = []
    let start = number * Self.pageSize
    source.append(start, min(Self.pageSize, size - start), to: &page)
    return page
  }
}

/// `0x` and upper-case digits.
func hex(_ number: UInt64) -> String { "0x" + String(number, radix: 16, uppercase: true) }
