import DurableFiles
import Foundation

/// A timestamped record of every byte in both directions, so complete that the dialogue can be replayed from it.
///
/// One record a line: time of day (UTC), direction (`<` from the unit, `>` to it), the bytes with `\r`, `\n`, `\t`,
/// `\\` and `\xNN` escapes. A record ends behind a line feed, where the direction turns, or after 1,024 bytes. A record
/// with `!` in place of the direction is no dialogue: it tells that nothing is recorded from there on.
///
/// When the file grows large it becomes `NAME.1`, then `.2`, and so on, each to be compressed; see ``rotate()``.
final class Transcript {
  private enum Direction: UInt8 {
    case fromUnit = 0x3C  // <
    case toUnit = 0x3E  // >
    case neither = 0x21  // !
  }

  private static let longestRecord = 1024
  private static let bufferSize = 16 * 1024
  /// Room for one more record and the line that says that it was the last: no byte takes more than four characters.
  private static let reserve = 4 * longestRecord + 256
  /// How a console ends most of its lines, as it stands in a record.
  private static let lineEnd = Array(#"\r\n"#.utf8)
  private static let hex = Array("0123456789ABCDEF".utf8)

  private let limits: TranscriptLimits
  private var path: String
  private var file: DiskFile
  private var direction = Direction.fromUnit
  private var open = false
  private var recordLength = 0
  private var buffer: [UInt8] = []
  /// The time of day and the direction, as records begin with them.
  private var stamp = Array("00:00:00.000 < ".utf8)
  /// Bytes of the plain file that the operating system has.
  private var written = 0
  /// Bytes of the segments before it, as they are on the disk; one that is being compressed counts twice.
  private var closed = 0
  private var segments = 0
  /// Whether the file is where it belongs; only then is it cut into segments.
  private var isSettled = false
  /// Whether a name in the folder may not have reached the disk.
  private var hasNewName = true
  /// Whether the limit was reached and nothing is recorded any more.
  private(set) var hasEnded = false

  /// Starts a transcript in a new file.
  init(path: String, limits: TranscriptLimits = TranscriptLimits()) throws(DiskError) {
    self.limits = limits
    self.path = path
    // What a session before this one left here was nobody's.
    file = try DiskFile(creating: path, emptied: true)
    buffer.reserveCapacity(Self.bufferSize + 8 * Self.longestRecord)
  }

  /// Moves the file, which stays open, to where it belongs now that the unit is known.
  func move(to path: String) throws(DiskError) {
    try file.rename(to: path)
    self.path = path
    isSettled = true
    hasNewName = true
  }

  /// The first name for a transcript in a folder that none has, whole or in segments: each session has its own.
  static func freePath(in folder: String) -> String {
    var path = "\(folder)/console.log"
    var number = 1
    // A session that was killed between two files left its segments alone.
    while ["", ".1", ".1.gz"].contains(where: { FileManager.default.fileExists(atPath: path + $0) }) {
      number += 1
      path = "\(folder)/console-\(number).log"
    }
    return path
  }

  /// Adds what the unit printed.
  func received(_ bytes: [UInt8]) throws(DiskError) { try add(bytes, .fromUnit) }

  /// Adds what was typed.
  func sent(_ bytes: [UInt8]) throws(DiskError) { try add(bytes, .toUnit) }

  /// Hands everything to the operating system.
  func flush() throws(DiskError) {
    endRecord()
    try handOver()
  }

  // MARK: Segments

  /// Begins a new file where the plain one has grown large; call it after ``flush()``.
  ///
  /// - Returns: the segment that is closed now, to be compressed where calls may block, and then to be told to
  ///   ``note(_:compressedTo:)``; nothing where the file is still small.
  func rotate() throws(DiskError) -> TranscriptSegment? {
    // For as long as it is being compressed, a segment takes its place twice.
    guard isSettled, !hasEnded, written > limits.segment, taken + written <= limits.total else { return nil }
    let segment = TranscriptSegment(path: "\(path).\(segments + 1)", plainBytes: written)
    if file.path != segment.path { try file.rename(to: segment.path) }
    file = try DiskFile(creating: path, emptied: true)
    segments += 1
    closed += 2 * written
    written = 0
    hasNewName = true
    return segment
  }

  /// Whether two more segments would come to its limit.
  var isShortOfRoom: Bool { taken + 2 * limits.segment > limits.total }

  /// Notes how many bytes a segment takes now.
  func note(_ segment: TranscriptSegment, compressedTo bytes: Int) { closed += bytes - 2 * segment.plainBytes }

  /// Brings what was handed over to the disk; call it after ``flush()``, and run it where calls may block.
  func takeSync() -> TranscriptSync {
    defer { hasNewName = false }
    return TranscriptSync(file: file, folder: hasNewName ? DurableFile.folder(of: path) : nil)
  }

  // MARK: Records

  /// What all of it takes, with what was not handed over yet.
  private var taken: Int { closed + written + buffer.count }

  private func add(_ bytes: [UInt8], _ towards: Direction) throws(DiskError) {
    if towards != direction { endRecord() }
    direction = towards
    readClock()
    var at = 0
    while at < bytes.count, !hasEnded {
      if !open { beginRecord() }
      if !hasEnded { addToRecord(bytes, &at) }
    }
    if buffer.count >= Self.bufferSize { try handOver() }
  }

  /// Adds what the open record has room for of its line. Most of a dump is plain, and copied as it stands.
  private func addToRecord(_ bytes: [UInt8], _ at: inout Int) {
    let end = min(bytes.count, at + Self.longestRecord - recordLength)
    let start = at
    while at < end, Self.isPlain(bytes[at]) { at += 1 }
    buffer.append(contentsOf: bytes[start..<at])
    var isEndOfLine = false
    if at + 1 < end, bytes[at] == 0x0D, bytes[at + 1] == 0x0A {
      buffer.append(contentsOf: Self.lineEnd)
      isEndOfLine = true
      at += 2
    } else if at < end {
      escape(bytes[at])
      isEndOfLine = bytes[at] == 0x0A
      at += 1
    }
    recordLength += at - start
    if isEndOfLine || recordLength == Self.longestRecord { endRecord() }
  }

  /// At its own place, not where the last write ended: of a write that failed some may be there already, and is not to
  /// be there twice when it is tried again.
  private func handOver() throws(DiskError) {
    try file.write(buffer, at: written)
    written += buffer.count
    buffer.removeAll(keepingCapacity: true)
  }

  private func beginRecord() {
    guard taken + Self.reserve <= limits.total else { return end() }
    begin(direction)
    open = true
    recordLength = 0
  }

  private func begin(_ direction: Direction) {
    stamp[13] = direction.rawValue
    buffer.append(contentsOf: stamp)
  }

  /// Says that this is all.
  private func end() {
    hasEnded = true
    begin(.neither)
    buffer.append(contentsOf: "transcript ends here: more than \(limits.totalText)\n".utf8)
  }

  private func endRecord() {
    guard open else { return }
    buffer.append(0x0A)
    open = false
  }

  private static func isPlain(_ byte: UInt8) -> Bool { byte &- 0x20 < 0x5F && byte != 0x5C }

  private func escape(_ byte: UInt8) {
    buffer.append(0x5C)
    switch byte {
    case 0x0D: buffer.append(UInt8(ascii: "r"))
    case 0x0A: buffer.append(UInt8(ascii: "n"))
    case 0x09: buffer.append(UInt8(ascii: "t"))
    case 0x5C: buffer.append(0x5C)
    default:
      buffer.append(UInt8(ascii: "x"))
      buffer.append(Self.hex[Int(byte >> 4)])
      buffer.append(Self.hex[Int(byte & 15)])
    }
  }

  /// What comes together bears one time.
  private func readClock() {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let (second, milli) = (Int(now.tv_sec) % 86_400, Int(now.tv_nsec) / 1_000_000)
    write(second / 3600, digits: 2, at: 0)
    write(second / 60 % 60, digits: 2, at: 3)
    write(second % 60, digits: 2, at: 6)
    write(milli, digits: 3, at: 9)
  }

  private func write(_ number: Int, digits: Int, at place: Int) {
    var rest = number
    for place in (place..<place + digits).reversed() {
      stamp[place] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
  }
}
