import CZlib
import Foundation
import TranscriptReplay

extension FuzzTarget {
  /// Transcripts. The first byte tells whether the rest is a segment as it is, or text that is also packed and cut into
  /// segments.
  static let transcript = FuzzTarget("transcript") { bytes in
    var input = FuzzInput(bytes)
    let form = input.byte()
    let text = input.remaining
    let folder = FileManager.default.temporaryDirectory.appending(path: "batchdump-fuzz-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    if form & 1 == 0 {
      let file = folder.appending(path: "console.log.1.gz")
      try write(text, file)
      _ = try read(folder, lines: nil)
      return true
    }
    try write(text, folder.appending(path: "console.log"))
    // What is packed already is unpacked whatever its name, so its lines are not those of the text.
    let isPacked = text.starts(with: [0x1F, 0x8B])
    let lines = isPacked ? nil : text.count { $0 == 0x0A } + 1
    let plain = try read(folder, lines: lines)
    try pack(text, folder.appending(path: "console.log.1.gz"))
    try FileManager.default.removeItem(at: folder.appending(path: "console.log"))
    let packed = try read(folder, lines: lines)
    // An empty file is nothing where it should be packed.
    try expect(
      plain == packed || text.isEmpty || isPacked,
      "a packed transcript reads otherwise than a plain one")
    return true
  }

  /// What came of it: all records, and whether an error ended them.
  private struct Reading: Equatable {
    var records: [TranscriptRecord] = []
    var errorLine: Int?
  }

  private static func read(_ folder: URL, lines: Int?) throws -> Reading {
    var reading = Reading()
    do throws(TranscriptError) {
      try TranscriptReader(folder: folder.path).read { record in
        reading.records.append(record)
        return true
      }
    } catch {
      reading.errorLine = error.line
      let isThere = error.line >= 0 && lines.map { error.line <= $0 } ?? true
      try expect(isThere, "an error in line \(error.line) of \(lines ?? 0)")
      try expect(error.description.isPrintable, "an error that cannot be read")
    }
    for record in reading.records {
      try expect(record.bytes.count <= 8192, "a record of \(record.bytes.count) bytes")
      try expect((0..<360_000_000).contains(record.time), "a record at \(record.time) ms")
    }
    return reading
  }

  private static func write(_ bytes: [UInt8], _ file: URL) throws { try Data(bytes).write(to: file) }

  private static func pack(_ bytes: [UInt8], _ file: URL) throws {
    guard let packed = gzopen(file.path, "wb1") else { throw FuzzFinding(description: "no room for \(file.path)") }
    let written = bytes.isEmpty ? 0 : gzwrite(packed, bytes, UInt32(bytes.count))
    try expect(gzclose(packed) == Z_OK && Int(written) == bytes.count, "cannot pack")
  }
}
