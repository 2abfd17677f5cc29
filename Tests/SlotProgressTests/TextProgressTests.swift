import DumpEngine
import Foundation
import Testing

@testable import SlotProgress

@Suite("Progress on a descriptor")
struct TextProgressTests {
  /// What the other end of a pipe gets.
  private func piped(_ events: [SessionEvent]) -> String {
    let pipe = Pipe()
    var progress = TextProgress(slots: ["A1"], output: pipe.fileHandleForWriting.fileDescriptor)
    for event in events { progress.show(event) }
    progress.finish()
    pipe.fileHandleForWriting.closeFile()
    return String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  }

  @Test("is plain lines, without escape sequences, where there is no terminal")
  func plain() {
    let text = piped(SlotBoardTests.reading + [Specimen.event(61, .ended(Specimen.unit()))])
    #expect(!text.contains("\u{1B}"))
    #expect(text.hasPrefix("2026-11-23T07:15:00Z A1 opening /dev/ttyUSB0\n"))
    #expect(text.hasSuffix("2026-11-23T07:16:01Z A1 ended after 1:01: verified\n"))
    #expect(text.split(separator: "\n").count == 9)
  }

  @Test("is painted within the width of a terminal")
  func terminal() throws {
    var (main, terminal): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: 5, ws_col: 30, ws_xpixel: 0, ws_ypixel: 0)
    try #require(openpty(&main, &terminal, nil, nil, &size) == 0)
    defer {
      close(main)
      close(terminal)
    }
    var progress = TextProgress(slots: ["A1"], output: terminal)
    for event in SlotBoardTests.reading { progress.show(event) }
    progress.finish()
    // What a terminal hands over comes in pieces; the last one ends in this mark.
    try #require(write(terminal, "\u{4}", 1) == 1)
    var bytes: [UInt8] = []
    while bytes.last != 4 {
      var piece = [UInt8](repeating: 0, count: 4096)
      let count = read(main, &piece, piece.count)
      try #require(count > 0)
      bytes += piece.prefix(count)
    }
    let text = String(decoding: bytes.dropLast(), as: UTF8.self)
    #expect(text.contains("\u{1B}[1A"))
    #expect(text.contains("A1  reading linux"), "\(text.debugDescription)")
    for line in text.replacing("\r\n", with: "\n").split(separator: "\n") {
      let plain = line.replacing("\r", with: "").replacing("\u{1B}[1A", with: "").replacing("\u{1B}[K", with: "")
        .replacing("\u{1B}[J", with: "")
      #expect(DisplayText.width(String(plain)) <= 29, "\(plain.debugDescription)")
    }
  }
}
