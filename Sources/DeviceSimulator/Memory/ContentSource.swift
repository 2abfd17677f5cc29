import Foundation

/// An area's initial bytes, ready to be read at any offset.
enum ContentSource: Sendable {
  case random(SeededWords)
  case fill(UInt8)
  /// Bytes, then erased flash.
  case stored([UInt8])
  /// Pieces with the offset at which each begins, then erased flash.
  case pieces([(start: Int, size: Int, source: ContentSource)])

  /// What flash reads where nothing was written.
  static let erased: UInt8 = 0xFF

  /// Makes `content` readable for an area of `size` bytes at `base`.
  init(_ content: MemoryContent, base: UInt64, size: Int) throws {
    switch content {
    case .random(let seed): self = .random(SeededWords(seed: seed))
    case .fill(let byte): self = .fill(byte)
    case .bytes(let bytes): self = .stored(try Self.fitting(bytes, "the content", size: size))
    case .file(let path): self = .stored(try Self.fitting(Self.load(path), path, size: size))
    case .camera(let flash): self = .stored(try flash.image(base: base, size: size))
    case .pattern(let parts):
      var start = 0
      self = .pieces(
        try parts.map { part in
          defer { start += part.size.int }
          return (start, part.size.int, try ContentSource(part.content, base: base, size: part.size.int))
        })
      guard start <= size else {
        throw SimulatorError("the pattern at \(hex(base)) has \(start) bytes; its area holds only \(size)")
      }
    }
  }

  /// Appends `count` bytes from `offset` on.
  func append(_ offset: Int, _ count: Int, to bytes: inout [UInt8]) {
    switch self {
    case .random(let words): words.append(offset, count, to: &bytes)
    case .fill(let byte): bytes.append(contentsOf: repeatElement(byte, count: count))
    case .stored(let stored):
      let known = stored[min(offset, stored.count)..<min(offset + count, stored.count)]
      bytes.append(contentsOf: known)
      guard known.count < count else { return }
      bytes.append(contentsOf: repeatElement(Self.erased, count: count - known.count))
    case .pieces(let pieces):
      let before = bytes.count
      for piece in pieces where piece.start < offset + count && offset < piece.start + piece.size {
        let first = max(offset, piece.start)
        let end = min(offset + count, piece.start + piece.size)
        piece.source.append(first - piece.start, end - first, to: &bytes)
      }
      bytes.append(contentsOf: repeatElement(Self.erased, count: count - (bytes.count - before)))
    }
  }

  private static func fitting(_ bytes: [UInt8], _ name: String, size: Int) throws -> [UInt8] {
    guard bytes.count <= size else {
      throw SimulatorError("\(name) has \(bytes.count) bytes; its memory area holds only \(size)")
    }
    return bytes
  }

  private static func load(_ path: String) throws -> [UInt8] {
    do {
      return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw SimulatorError("cannot read memory content from \(path): \(error.localizedDescription)")
    }
  }
}
