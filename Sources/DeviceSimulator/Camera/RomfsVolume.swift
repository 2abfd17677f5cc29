/// A romfs volume with a few small files, laid out as the kernel's documentation (`Documentation/filesystems/romfs`)
/// describes it: big-endian words, headers and data on 16-byte borders, sums of headers zero.
struct RomfsVolume: Sendable {
  let seed: UInt64

  private static let regularFile: UInt32 = 2
  private static let directory: UInt32 = 1
  private static let hardLink: UInt32 = 0
  private static let executable: UInt32 = 8

  /// A volume of exactly `length` bytes; its last file takes what the others leave.
  func image(length: Int) throws -> [UInt8] {
    guard length >= 4096, length.isMultiple(of: 1024) else {
      throw SimulatorError("a romfs of \(length) bytes cannot be made; allowed are multiples of 1024 from 4096 up")
    }
    var bytes = superblock(length: length)
    let files: [(name: String, content: [UInt8])] = [
      ("version", Array("11.22.2.51 made by a simulator\n".utf8)),
      ("init.sh", Array("#!/bin/sh\nmount -t proc none /proc\n./camera &\nsh\n".utf8)),
      ("mac.ini", Array("mac=00:60:6E:00:00:01\n".utf8)),
    ]
    let root = bytes.count
    // The root directory begins with the entry of itself, as genromfs writes it.
    append(Entry(name: ".", kind: Self.directory | Self.executable, spec: UInt32(root), content: []), to: &bytes)
    append(Entry(name: "..", kind: Self.hardLink, spec: UInt32(root), content: []), to: &bytes)
    for file in files {
      append(Entry(name: file.name, kind: Self.regularFile, spec: 0, content: file.content), to: &bytes)
    }
    let room = length - bytes.count - Self.headerSize(of: "camera")
    var program: [UInt8] = []
    SeededWords(seed: seed).append(0, room, to: &program)
    append(
      Entry(name: "camera", kind: Self.regularFile | Self.executable, spec: 0, content: program), to: &bytes, last: true
    )
    seal(&bytes, from: 0, count: min(512, bytes.count), checksumAt: 12)
    return bytes
  }

  private struct Entry {
    var name: String
    var kind: UInt32
    var spec: UInt32
    var content: [UInt8]
  }

  private func superblock(length: Int) -> [UInt8] {
    Array("-rom1fs-".utf8) + bigEndian(UInt32(length)) + bigEndian(0) + Self.padded("rom 4ec7a1b2")
  }

  private func append(_ entry: Entry, to bytes: inout [UInt8], last: Bool = false) {
    let start = bytes.count
    let dataEnd = start + Self.headerSize(of: entry.name) + entry.content.count
    let end = (dataEnd + 15) & ~15
    bytes += bigEndian((last ? 0 : UInt32(end)) | entry.kind) + bigEndian(entry.spec)
    bytes += bigEndian(UInt32(entry.content.count)) + bigEndian(0) + Self.padded(entry.name)
    seal(&bytes, from: start, count: bytes.count - start, checksumAt: start + 12)
    bytes += entry.content + [UInt8](repeating: 0, count: end - dataEnd)
  }

  /// Sets the checksum word so that the big-endian words of the range sum to zero.
  private func seal(_ bytes: inout [UInt8], from start: Int, count: Int, checksumAt place: Int) {
    var sum: UInt32 = 0
    for offset in stride(from: start, to: start + count, by: 4) {
      for byte in 0..<4 { sum &+= UInt32(bytes[offset + byte]) << UInt32(24 - 8 * byte) }
    }
    bytes.replaceSubrange(place..<place + 4, with: bigEndian(0 &- sum))
  }

  private static func headerSize(of name: String) -> Int { 16 + padded(name).count }

  /// A name with its final zero, filled to 16 bytes.
  private static func padded(_ name: String) -> [UInt8] {
    let count = (name.utf8.count + 16) & ~15
    return Array(name.utf8) + [UInt8](repeating: 0, count: count - name.utf8.count)
  }

  private func bigEndian(_ word: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
  }
}
