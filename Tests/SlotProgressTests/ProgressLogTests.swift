import DumpEngine
import Foundation
import Testing

@testable import SlotProgress

@Suite("The log of a batch")
struct ProgressLogTests {
  private func lines(_ events: [SessionEvent]) -> [String] {
    var log = ProgressLog()
    return events.flatMap { log.lines(for: $0) }
  }

  private static let broken = CheckResult(kind: "gzip", passed: false, message: "gzip at 0x0: CRC wrong")

  @Test(
    "has a line for what happens",
    arguments: [
      (.connecting(link: "tcp://host:1"), "opening tcp://host:1"), (.waking, "waiting for a prompt"),
      (.prompt("=> "), "at the prompt `=> `"), (.identified(Specimen.identity), "is mac 00:11:22:33:44:55"),
      (.identified([]), "no identity asked for"),
      (.learned(Specimen.console), "reads with md.l, own digests sha256, crc32"),
      (.regionStarted(name: "linux", size: 801_792), "reading linux, 801,792 bytes"),
      (.trouble("a line\u{1B}[2J\nwas lost"), "trouble: a line?[2J?was lost"),
      (.unitReset, "trouble: the unit has reset"), (.speed(921_600), "the line is at 921600 baud"),
      (
        .regionEnded(Specimen.region()),
        "linux.bin complete, sha256 0123456789ab…, verified by the unit's own digest"
      ),
      (
        .regionEnded(Specimen.region(evidence: [.none])),
        "linux.bin complete, sha256 0123456789ab…, not verified"
      ),
      (
        .regionEnded(Specimen.region(checks: [broken])),
        "linux.bin complete, sha256 0123456789ab…, not verified; gzip at 0x0: CRC wrong"
      ),
      (.regionEnded(Specimen.region(held: 98_000)), "linux.bin incomplete: 2,000 of 100,000 bytes are missing"),
      (.ended(Specimen.unit()), "ended after 1:01: verified"),
      (.ended(Specimen.unit("A1", [], failure: "no prompt")), "ended after 1:01: failed: no prompt"),
      (.noAdapter("no adapter matches path=p"), "waiting: no adapter matches path=p"),
      (.noUnit, "no unit: waiting for one"), (.booting, "the unit is starting"),
      (
        .skipped(Specimen.unit()),
        "skipped: known as 00:11:22:33:44:55 from 2026-11-23 07:15Z in A1, not compared (`again: verify` compares)"
      ),
      (.verifiedAgain(Specimen.unit()), "was dumped before: its digests are those of its images"),
      (.awaitingDeparture, "done with the unit: waiting until it leaves"), (.unitLeft, "the unit has left"),
    ] as [(SessionEvent.Kind, String)])
  func happenings(kind: SessionEvent.Kind, text: String) {
    #expect(lines([Specimen.event(61, kind)]) == ["2026-11-23T07:16:01Z A1 \(text)"])
  }

  @Test("does not call the end of a session that has skipped its unit an outcome")
  func skipped() {
    let texts = lines([Specimen.event(0, .skipped(Specimen.unit())), Specimen.event(1, .ended(Specimen.unit()))])
    #expect(texts.last == "2026-11-23T07:15:01Z A1 ended: nothing was read into its images")
  }

  @Test("has a line for every ten percent")
  func tenPercent() {
    let events =
      [Specimen.event(0, .regionStarted(name: "linux", size: 100_000))]
      + (1...100).map { Specimen.progress(Double($0) / 10, $0 * 1000) }
    let progress = lines(events).dropFirst()
    #expect(progress.count == 10)
    #expect(progress.first == "2026-11-23T07:15:01Z A1 reading linux: 10 %, 10,000 B/s, 0:09 left")
    #expect(progress.last == "2026-11-23T07:15:10Z A1 reading linux: 100 %, 10,000 B/s, 0:00 left")
  }

  @Test("has a line for every thirty seconds of a slow unit")
  func thirtySeconds() {
    let events =
      [Specimen.event(0, .regionStarted(name: "linux", size: 100_000))]
      + (1...100).map { Specimen.progress(Double($0), $0) }
    #expect(
      lines(events).dropFirst().map { $0.prefix(20) }
        == ["2026-11-23T07:15:30Z", "2026-11-23T07:16:00Z", "2026-11-23T07:16:30Z"])
  }

  @Test("keeps slots apart, and begins anew with the second read")
  func slots() {
    let proving = { (seconds: Double, done: Int) in
      Specimen.event(seconds, .proving(region: "linux", done: done, size: 100_000, received: 0))
    }
    let texts = lines([
      Specimen.progress(0, 50_000), Specimen.progress(0, 50_000, slot: "B2"), Specimen.progress(1, 59_000, slot: "B2"),
      proving(2, 5_000), proving(3, 15_000), proving(4, 19_000),
    ])
    #expect(
      texts.map { $0.dropFirst(21).prefix(22) } == [
        "A1 reading linux: 50 %", "B2 reading linux: 50 %", "A1 proving linux: 15 %",
      ])
  }
}
