import DurableFiles

/// Keeping a console's transcript.
extension Console {
  /// Moves the transcript to the unit's folder.
  func moveTranscript(to path: String) throws(SessionError) {
    try recording { transcript throws(DiskError) in try transcript.move(to: path) }
  }

  /// Hands the transcript to the operating system; what has grown large is compressed.
  func flushTranscript() async throws(SessionError) {
    guard let transcript else { return }
    try recording { transcript throws(DiskError) in try transcript.flush() }
    var segment: TranscriptSegment?
    try recording { transcript throws(DiskError) in segment = try transcript.rotate() }
    guard let segment else { return }
    transcript.note(segment, compressedTo: try await Disk.run { try segment.compress() })
  }

  /// What is to be done so that the disk has all of the transcript, and what is claimed of a unit can also be shown; nil
  /// where there is none.
  func transcriptSync() async throws(SessionError) -> TranscriptSync? {
    try await flushTranscript()
    return transcript?.takeSync()
  }

  /// Adds to the transcript what the console said before this session, ahead of the session's own first byte.
  func recordHeard(_ bytes: [UInt8]) throws(SessionError) {
    guard !bytes.isEmpty else { return }
    try recording { transcript throws(DiskError) in try transcript.received(bytes) }
  }

  /// Does something with the transcript where there is one. While a console is put back as it was found, a disk that
  /// refuses it is no reason to leave the console where it is.
  func recording(_ step: (Transcript) throws(DiskError) -> Void) throws(SessionError) {
    guard let transcript else { return }
    do { try step(transcript) } catch {
      if lastWords == nil { throw SessionError(error) }
    }
  }
}
