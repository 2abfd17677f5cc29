import MockedAdapters
import Testing

/// What needs a made-up machine: runs as `umockdev-wrapper swift test --filter UdevTests`.
@Suite(
  .serialized, .timeLimit(.minutes(5)),
  .enabled(if: MockBench.isPreloaded, "needs umockdev: run umockdev-wrapper swift test --filter UdevTests"))
struct MockedUdevTests {}
