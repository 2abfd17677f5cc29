import DurableFiles

/// A closed segment of a transcript, on its way to take less room.
struct SegmentCompression {
  let segment: TranscriptSegment
  let work: DiskWork<Int>
}

/// Keeping a console's transcript.
extension Console {
  /// Moves the transcript to the unit's folder.
  func moveTranscript(to path: String) throws(SessionError) {
    try recording { transcript throws(DiskError) in try transcript.move(to: path) }
  }

  /// Hands the transcript to the operating system.
  func flushTranscript() throws(SessionError) {
    try recording { transcript throws(DiskError) in try transcript.flush() }
  }

  /// What is to be done so that the disk has all of the transcript, and what is claimed of a unit can also be shown; nil
  /// where there is none. What has grown large is compressed meanwhile.
  func transcriptSync() async throws(SessionError) -> TranscriptSync? {
    guard let transcript else { return nil }
    try flushTranscript()
    // Taken before a new file is begun: the disk is to have the end of the old one.
    let sync = transcript.takeSync()
    try await cutTranscript()
    return sync
  }

  /// Hands all of the transcript to the operating system, and waits until what has grown large is compressed.
  func finishTranscript() async throws(SessionError) {
    try flushTranscript()
    try await cutTranscript()
    while compression != nil {
      try await endCompression()
      try await cutTranscript()
    }
  }

  /// Closes a segment that is large, and has it compressed; one at a time.
  private func cutTranscript() async throws(SessionError) {
    guard let transcript else { return }
    // Only where there is little room is it waited for: until it is compressed a segment takes its place twice.
    if let compression, !compression.work.isOver, !transcript.isShortOfRoom { return }
    try await endCompression()
    var closed: TranscriptSegment?
    try recording { transcript throws(DiskError) in closed = try transcript.rotate() }
    guard let segment = closed else { return }
    compression = SegmentCompression(segment: segment, work: Disk.begin(isLong: true) { try segment.compress() })
    if transcript.isShortOfRoom { try await endCompression() }
  }

  private func endCompression() async throws(SessionError) {
    guard let ending = compression else { return }
    compression = nil
    transcript?.note(ending.segment, compressedTo: try await ending.work.value())
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
