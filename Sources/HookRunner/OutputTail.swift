import Subprocess

/// The last bytes that a hook has printed.
struct OutputTail: Sendable {
  private(set) var bytes: [UInt8] = []
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  /// Reads until the output is closed, or until the task is cancelled and what had been printed by then is read.
  init(of output: SubprocessOutputSequence, limit: Int) async {
    self.init(limit: limit)
    var buffers = output.makeAsyncIterator()
    var isLast = false
    while !isLast {
      // A buffer takes all that a pipe can hold, so that one read that begins after the cancellation is enough.
      isLast = Task.isCancelled
      // What was read counts, also where reading on fails.
      guard let buffer = try? await buffers.next() else { return }
      append(buffer.withUnsafeBytes { Array($0) })
    }
  }

  mutating func append(_ more: some Collection<UInt8>) {
    bytes += more.suffix(limit)
    bytes.removeFirst(max(0, bytes.count - limit))
  }
}
