import DumpEngine
import Foundation
import Testing

@testable import SlotProgress

@Suite("Painting on a terminal")
struct TerminalPainterTests {
  static let size = TerminalPainter.Size(columns: 40, rows: 10)

  /// Escape sequences as words, line ends as `\n`.
  private func shown(_ text: String?) -> String? {
    text?.replacing("\u{1B}[", with: "<").replacing("\n", with: "\\n").replacing("\r", with: "\\r")
  }

  @Test("goes back up over the lines before")
  func inPlace() {
    var painter = TerminalPainter(slots: ["A1", "A2"])
    let first = painter.apply(Specimen.event(0, .waking), size: Self.size)
    #expect(shown(first) == "\\rA1  waiting for a prompt<K\\nA2  waiting<K\\n<J")
    let second = painter.apply(Specimen.event(1, .prompt("=>")), size: Self.size)
    #expect(shown(second) == "\\r<2AA1  at the prompt<K\\nA2  waiting<K\\n<J")
    #expect(shown(painter.finish(size: Self.size)) == "\\r<2AA1  at the prompt<K\\nA2  waiting<K\\n<J")
  }

  @Test("paints progress ten times a second at most, and what is rare at once")
  func coalesces() {
    var painter = TerminalPainter(slots: ["A1"])
    let paintings = (0..<1000).map { painter.apply(Specimen.progress(Double($0) / 1000, $0), size: Self.size) != nil }
    #expect(paintings.count { $0 } == 10)
    #expect(painter.apply(Specimen.event(0.9995, .unitReset), size: Self.size) != nil)
    #expect(painter.apply(Specimen.event(0.9996, .trouble("x")), size: Self.size) == nil)
    #expect(painter.apply(Specimen.event(0.9997, .ended(Specimen.unit())), size: Self.size) != nil)
    #expect(painter.apply(Specimen.progress(-100, 5), size: Self.size) != nil, "a clock that was set back")
  }

  @Test("puts a note above the slots, where it stays")
  func note() {
    var painter = TerminalPainter(slots: ["A1"])
    #expect(shown(painter.note(["early"], size: Self.size)) == "\\rearly<K\\n")
    _ = painter.apply(Specimen.event(0, .waking), size: Self.size)
    let text = shown(painter.note(["one", "two"], size: Self.size))
    #expect(text == "\\r<1Aone<K\\ntwo<K\\n\\rA1  waiting for a prompt<K\\n<J")
    #expect(shown(painter.finish(size: Self.size)) == "\\r<1AA1  waiting for a prompt<K\\n<J")
  }

  @Test("tells above the slots all that went wrong, and counts it")
  func trouble() {
    var painter = TerminalPainter(slots: ["A1"])
    let first = shown(painter.apply(Specimen.event(0, .trouble("line hit\u{1B}[2J")), size: Self.size))
    #expect(
      first == "\\r2026-11-23T07:15:00Z A1 trouble: line hit?[2J<K\\n\\rA1  waiting  1 trouble<K\\n<J")
    #expect(painter.apply(Specimen.event(0.01, .trouble("hit again")), size: Self.size) == nil)
    let second = shown(painter.apply(Specimen.event(0.02, .unitReset), size: Self.size))
    let lines = ["hit again", "the unit has reset"].map { "2026-11-23T07:15:00Z A1 trouble: \($0)<K\\n" }
    #expect(second == "\\r<1A\(lines.joined())\\rA1  waiting  3 troubles<K\\n<J")
  }

  @Test("shows in the end what was put off")
  func final() {
    var painter = TerminalPainter(slots: ["A1"])
    _ = painter.apply(Specimen.progress(0, 0), size: Self.size)
    #expect(painter.apply(Specimen.progress(0.01, 100_000), size: Self.size) == nil)
    #expect(painter.finish(size: Self.size).contains("100 %"))
  }

  @Test("keeps the last column and row free", arguments: [(10, 3), (20, 2), (1, 1), (80, 24)])
  func bounds(columns: Int, rows: Int) {
    var painter = TerminalPainter(slots: (1...30).map { "slot \($0)" })
    let text = painter.finish(size: TerminalPainter.Size(columns: columns, rows: rows))
    let lines = text.split(separator: "\n").dropLast()
    #expect(lines.count <= max(1, rows - 1))
    for line in lines {
      let plain = line.replacing("\r", with: "").replacing("\u{1B}[K", with: "")
      #expect(DisplayText.width(String(plain)) <= max(1, columns - 1), "\(plain)")
    }
  }
}
