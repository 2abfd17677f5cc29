import TestSupport
import Testing

@testable import DumpEngine

@Suite("A console that pages what it prints", .timeLimit(.minutes(2)))
struct PagerTests {
  /// Of ZyXEL's BootBase, but for the length of a read: its own would end with the page.
  private static let dialect = #"""
    { "name": "paging", "title": "Paging", "prompt": { "pattern": "ATCmd>", "replyEnds": "^(OK|ERROR)$" },
      "wake": { "nudge": "\r" },
      "reads": [{
        "name": "ATDU", "command": "ATDU{address:X},{length:X}", "maxLength": 1024,
        "layout": { "groups": [{ "every": 8, "text": "-" }], "gutter": { "open": "   " } } }],
      "answers": [{ "when": "^< Press any key to Continue, ESC to Quit >", "send": "\r" }] }
    """#

  @Test("is answered at each page, and nothing of that counts as a fault of the line", arguments: [false, true])
  func pages(asksBehindLast: Bool) async throws {
    let size = 5 * 1024 + 48
    let console = try PagingConsole(
      Pager(memory: seededBytes(count: size, seed: 3), asksBehindLast: asksBehindLast))
    var manifest = SlotManifest(address: UInt64(Pager.address), size: size)
    (manifest.dialect, manifest.speed) = ("paging", 115_200)
    manifest.dialects = #""paging": \#(Self.dialect)"#
    let run = try await runSession(manifest, at: .tty(path: console.path))
    try run.expectImage(console.pager.memory, evidence: [.reread])
    // Each 1,024 bytes are read twice, in four pages.
    #expect(console.timesAsked >= 2 * (asksBehindLast ? 20 : 15), "\(console.timesAsked)")
    #expect(run.unit.regions[0].lineFaults == 0, run.failureText)
    await console.stop()
  }
}
