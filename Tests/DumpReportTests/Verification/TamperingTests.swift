import Foundation
import TestSupport
import Testing

@testable import DumpReport

@Suite("Verifying a batch that was tampered with", .timeLimit(.minutes(5)))
struct TamperingTests {
  @Test("finds each of a thousand tamperings with one file or two, and nothing when all is back", arguments: 0..<4)
  func thousand(part: Int) throws {
    let batch = try BatchSpecimen(.mixed)
    let files = try batch.files()
    #expect(try batch.verified().findings.filter { $0.severity == .wrong } == [])
    var random = SplitMix64(state: 0xBA7C + UInt64(part))
    var missed: [String] = []
    var kinds: [Tampering.Kind: Int] = [:]
    for number in 0..<250 {
      let tampering = try #require(Tampering(files, &random))
      kinds[tampering.kind, default: 0] += 1
      try tampering.apply(to: batch.folder)
      if try batch.verified().verdict != .wrong { missed.append("\(part).\(number): \(tampering)") }
      try tampering.undo(in: batch.folder, files)
    }
    #expect(missed == [])
    #expect(kinds.count == Tampering.Kind.allCases.count, "\(kinds)")
    #expect(try batch.files() == files, "all is as it was")
    #expect(try batch.verified().findings.filter { $0.severity == .wrong } == [])
  }
}

/// Something done to one file of a folder, or to two.
struct Tampering: CustomStringConvertible {
  enum Kind: CaseIterable {
    case flip, truncate, extend, delete, rename, swap, replace, editReport, repeatLine, dropLine, add, hide
  }

  let kind: Kind
  let description: String
  /// What files hold afterwards; those with nil are gone.
  private let changes: [String: [UInt8]?]

  /// One that changes something; the files are those of the folder.
  init?(_ files: [String: [UInt8]], _ random: inout SplitMix64) {
    for _ in 0..<1000 {
      // A flip of a bit is the least that can happen, and the most likely.
      let kind = Bool.random(using: &random) ? Kind.flip : Kind.allCases.randomElement(using: &random) ?? .flip
      let changes = Self.changes(kind, files, &random)
      guard changes.contains(where: { $0.value != files[$0.key] }) else { continue }
      self.kind = kind
      self.changes = changes
      description = "\(kind) \(changes.keys.sorted())"
      return
    }
    return nil
  }

  func apply(to folder: ScratchFolder) throws {
    for (path, bytes) in changes {
      if let bytes {
        try folder.write(bytes, to: path)
      } else {
        try FileManager.default.removeItem(atPath: "\(folder.path)/\(path)")
      }
    }
  }

  func undo(in folder: ScratchFolder, _ files: [String: [UInt8]]) throws {
    for path in changes.keys {
      if let bytes = files[path] {
        try folder.write(bytes, to: path)
      } else {
        try FileManager.default.removeItem(atPath: "\(folder.path)/\(path)")
      }
    }
  }

  private static func changes(
    _ kind: Kind, _ files: [String: [UInt8]], _ random: inout SplitMix64
  ) -> [String: [UInt8]?] {
    let paths = files.keys.sorted()
    let path = paths.randomElement(using: &random) ?? ""
    let other = paths.randomElement(using: &random) ?? ""
    let bytes = files[path] ?? []
    let place = Int.random(in: 0..<bytes.count, using: &random)
    switch kind {
    case .flip:
      var bytes = bytes
      bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      return [path: bytes]
    case .truncate: return [path: Array(bytes.prefix(place))]
    case .extend: return [path: bytes + [UInt8.random(in: 0...255, using: &random)]]
    case .delete: return [path: nil]
    case .rename: return [path: nil, "\(path)-": bytes]
    case .hide: return [path: nil, "\(path).tmp": bytes]
    case .swap: return path == other ? [:] : [path: files[other], other: bytes]
    case .replace: return [path: files[other]]
    case .add: return ["unit-A/\(place)": bytes]
    case .editReport: return ["report.json": edited(files["report.json"] ?? [], &random)]
    case .repeatLine, .dropLine:
      var lines = (files["SHA256SUMS"] ?? []).split(separator: 0x0A)
      let index = Int.random(in: 0..<lines.count, using: &random)
      if kind == .dropLine { lines.remove(at: index) } else { lines.insert(lines[index], at: index) }
      return ["SHA256SUMS": lines.flatMap { $0 + [0x0A] }]
    }
  }

  /// The report with another digit in one of its numbers, or another word for true: JSON all the same.
  private static func edited(_ report: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
    var lines = report.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    let index = Int.random(in: 0..<lines.count, using: &random)
    let text = String(decoding: lines[index], as: UTF8.self)
    if text.contains(": true") {
      lines[index] = Array(text.replacing(": true", with: ": false").utf8)
    } else if let digit = lines[index].lastIndex(where: { (0x31...0x38).contains($0) }) {
      lines[index][digit] += 1
    }
    return Array(lines.joined(separator: [0x0A]))
  }
}
