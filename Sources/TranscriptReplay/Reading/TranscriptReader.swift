import Foundation

/// Reads a unit's transcripts back, all sessions in order, record by record. Memory is bounded for any input.
public struct TranscriptReader: Sendable {
  private static let piece = 1 << 18
  /// No record that was ever written has a longer line, in bytes.
  private static let longestLine = 8192

  /// The sessions that there are transcripts of.
  public let sessions: [TranscriptSession]

  /// Finds the transcripts in a unit's folder.
  ///
  /// - Throws: where the folder cannot be read.
  public init(folder: String) throws(TranscriptError) {
    sessions = try TranscriptSession.all(in: folder)
  }

  /// Calls `body` with each record, in the order in which it was written, until it returns false.
  ///
  /// A file that was cut is read as far as it goes: whoever was killed could not finish his line. So is a gzip file. Any
  /// other line that is no record is an error.
  ///
  /// - Throws: the file and its line where something cannot be read.
  public func read(_ body: (TranscriptRecord) -> Bool) throws(TranscriptError) {
    var state = State()
    for session in sessions {
      guard body(TranscriptRecord(kind: .session, bytes: Array(session.name.utf8))) else { return }
      for path in session.files {
        var isWhole = false
        if let path {
          guard try read(path, &state, body) else { return }
          isWhole = state.isWhole
        }
        guard isWhole || body(TranscriptRecord(kind: .gap)) else { return }
      }
    }
  }

  /// What is used again for each file.
  private struct State {
    var record = TranscriptRecord(kind: .received)
    var buffer = [UInt8](repeating: 0, count: TranscriptReader.piece + TranscriptReader.longestLine)
    /// Bytes of ``buffer`` that are not looked at yet.
    var filled = 0
    /// Lines of the file that were read.
    var lines = 0
    /// Whether the file ended behind a line.
    var isWhole = false
  }

  /// Reads a file; false where `body` has had enough.
  private func read(
    _ path: String, _ state: inout State, _ body: (TranscriptRecord) -> Bool
  ) throws(TranscriptError) -> Bool {
    let file = try PackedFile(path)
    (state.filled, state.lines, state.isWhole) = (0, 0, false)
    var isEmpty = true
    while true {
      let count = try file.read(into: &state.buffer, from: state.filled, line: state.lines + 1)
      if count == 0 { break }
      isEmpty = false
      state.filled += count
      guard try takeLines(of: path, &state, body) else { return false }
    }
    state.isWhole = state.filled == 0 && !file.isCut && !(isEmpty && path.hasSuffix(".gz"))
    return takeCutLine(&state, body)
  }

  /// Takes the whole lines from the buffer, and leaves the beginning of the next.
  private func takeLines(
    of path: String, _ state: inout State, _ body: (TranscriptRecord) -> Bool
  ) throws(TranscriptError) -> Bool {
    var problem: String?
    var wantsMore = true
    var at = 0
    let filled = state.filled
    state.buffer.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      while wantsMore, at < filled, let feed = memchr(base + at, 0x0A, filled - at) {
        let end = UnsafeRawPointer(feed) - UnsafeRawPointer(base)
        let line = UnsafeBufferPointer(rebasing: buffer[at..<end])
        at = end + 1
        state.lines += 1
        if case .malformed(let reason) = RecordDecoder.decode(line, into: &state.record) {
          problem = reason
          return
        }
        wantsMore = body(state.record)
      }
    }
    if problem == nil, wantsMore, filled - at > Self.longestLine {
      // Whoever lost power may find any number of zeros at the end of his file.
      guard state.buffer[at..<filled].suffix(Self.longestLine / 2).allSatisfy({ $0 == 0 }) else {
        throw malformed(path, state.lines + 1, "the line is longer than any record")
      }
      state.filled = Self.longestLine
      state.buffer.replaceSubrange(0..<Self.longestLine, with: state.buffer[at..<at + Self.longestLine])
      return true
    }
    if let problem { throw malformed(path, state.lines, problem) }
    state.buffer.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { memmove(base, base + at, filled - at) }
    }
    state.filled = filled - at
    return wantsMore
  }

  private func malformed(_ path: String, _ line: Int, _ reason: String) -> TranscriptError {
    TranscriptError(path: path, line: line, reason: "this is no record of a transcript: \(reason); restore the file")
  }

  /// Takes what there is of a last line without an end.
  private func takeCutLine(_ state: inout State, _ body: (TranscriptRecord) -> Bool) -> Bool {
    guard state.filled > 0 else { return true }
    state.buffer.withUnsafeBufferPointer { buffer in
      _ = RecordDecoder.decode(UnsafeBufferPointer(rebasing: buffer[0..<state.filled]), into: &state.record)
    }
    // A sentence that was cut says nothing.
    return state.record.bytes.isEmpty || state.record.kind == .ended || body(state.record)
  }
}
