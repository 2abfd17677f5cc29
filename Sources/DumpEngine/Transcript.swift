import DurableFiles
import Foundation

/// A timestamped record of every byte in both directions, so complete that the dialogue can be replayed from it.
///
/// One record a line: time of day (UTC), direction (`<` from the unit, `>` to it), the bytes with `\r`, `\n`, `\t`,
/// `\\` and `\xNN` escapes. A record ends behind a line feed, where the direction turns, or after 1,024 bytes.
final class Transcript {
  private enum Direction: UInt8 {
    case fromUnit = 0x3C  // <
    case toUnit = 0x3E  // >
  }

  private static let longestRecord = 1024
  private static let bufferSize = 64 * 1024
  private static let hex = Array("0123456789ABCDEF".utf8)

  private let file: DiskFile
  private var direction = Direction.fromUnit
  private var open = false
  private var recordLength = 0
  private var buffer: [UInt8] = []

  /// Starts a transcript in a new file.
  init(path: String) throws(DiskError) {
    // What a session before this one left here was nobody's.
    file = try DiskFile(creating: path, emptied: true)
    buffer.reserveCapacity(Self.bufferSize + 8 * Self.longestRecord)
  }

  /// Moves the file, which stays open, to where it belongs now that the unit is known.
  func move(to path: String) throws(DiskError) {
    try file.rename(to: path)
  }

  /// Adds what the unit printed.
  func received(_ bytes: [UInt8]) throws(DiskError) { try add(bytes, .fromUnit) }

  /// Adds what was typed.
  func sent(_ bytes: [UInt8]) throws(DiskError) { try add(bytes, .toUnit) }

  /// Hands everything to the operating system.
  func flush() throws(DiskError) {
    endRecord()
    try file.append(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  private func add(_ bytes: [UInt8], _ towards: Direction) throws(DiskError) {
    if towards != direction { endRecord() }
    direction = towards
    for byte in bytes {
      if !open { beginRecord() }
      escape(byte)
      recordLength += 1
      if byte == 0x0A || recordLength == Self.longestRecord { endRecord() }
    }
    if buffer.count >= Self.bufferSize {
      try file.append(buffer)
      buffer.removeAll(keepingCapacity: true)
    }
  }

  private func beginRecord() {
    buffer.append(contentsOf: Self.timeOfDay().utf8)
    buffer.append(contentsOf: [0x20, direction.rawValue, 0x20])
    open = true
    recordLength = 0
  }

  private func endRecord() {
    guard open else { return }
    buffer.append(0x0A)
    open = false
  }

  private func escape(_ byte: UInt8) {
    switch byte {
    case 0x0D: buffer.append(contentsOf: [0x5C, 0x72])
    case 0x0A: buffer.append(contentsOf: [0x5C, 0x6E])
    case 0x09: buffer.append(contentsOf: [0x5C, 0x74])
    case 0x5C: buffer.append(contentsOf: [0x5C, 0x5C])
    case 0x20...0x7E: buffer.append(byte)
    default: buffer.append(contentsOf: [0x5C, 0x78, Self.hex[Int(byte >> 4)], Self.hex[Int(byte & 15)]])
    }
  }

  private static func timeOfDay() -> String {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let second = Int(now.tv_sec) % 86_400
    let parts = [second / 3600, second / 60 % 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    let milli = String(Int(now.tv_nsec) / 1_000_000 + 1000).dropFirst()
    return parts.joined(separator: ":") + "." + milli
  }
}
