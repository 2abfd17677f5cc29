import TestSupport
import Testing

/// All tests against a real U-Boot, one after the other: an idle boot loader takes all of a processor that it gets.
@Suite(
  "A real U-Boot", .serialized, .timeLimit(.minutes(5)),
  .enabled(if: QemuBoard.isWanted, Comment(rawValue: QemuBoard.unwantedComment)))
struct RealUBootTests {}
