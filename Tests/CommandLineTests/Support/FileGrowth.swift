import Dispatch
import Foundation
import Glibc

/// Tells when a file is written to.
final class FileGrowth {
  /// One for each time that something was written, and one at once, for what is there already.
  let changes: AsyncStream<Void>
  private let source: any DispatchSourceRead

  /// Looks at a file that exists.
  init(path: String) throws {
    let descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    guard descriptor >= 0, inotify_add_watch(descriptor, path, UInt32(IN_MODIFY)) >= 0 else {
      throw CocoaError(.fileNoSuchFile)
    }
    let (changes, change) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    self.changes = changes
    source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global())
    source.setEventHandler { @Sendable in
      var events = [UInt8](repeating: 0, count: 4096)
      while read(descriptor, &events, events.count) > 0 {}
      change.yield()
    }
    source.setCancelHandler { @Sendable in close(descriptor) }
    source.activate()
    change.yield()
  }

  deinit { source.cancel() }
}
