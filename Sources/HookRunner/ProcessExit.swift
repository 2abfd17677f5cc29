import Dispatch

/// The end of a child process, by its process descriptor; source: pidfd_open(2).
struct ProcessExit: Sendable {
  /// Stays open for as long as anybody waits.
  let descriptor: Int32

  /// Returns when the process has ended. Cancellation does not cut this short: who cancels has the process killed.
  func wait() async {
    await withCheckedContinuation { continuation in
      // A process descriptor becomes readable when its process ends, and stays so.
      let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global())
      source.setEventHandler { source.cancel() }
      source.setCancelHandler { continuation.resume() }
      source.activate()
    }
  }
}
