import DumpEngine
import Testing

@testable import SlotProgress

@Suite("What waits to be shown")
struct ProgressBacklogTests {
  /// What an entry says, in short.
  private func words(_ entries: [ProgressBacklog.Entry]) -> [String] {
    entries.map { entry in
      switch entry {
      case .note(let text): text
      case .event(let event):
        switch event.kind {
        case .progress(_, let held, _, _): "\(event.slot) \(held)"
        case .proving(_, let done, _, _): "\(event.slot) proving \(done)"
        case .trouble(let text): "\(event.slot) \(text)"
        default: "\(event.slot) other"
        }
      }
    }
  }

  @Test("is of each slot's progress only the newest, and all else, in order")
  func newest() {
    var backlog = ProgressBacklog()
    let entries: [ProgressBacklog.Entry] = [
      .event(Specimen.progress(1, 10)), .event(Specimen.progress(2, 5, slot: "A2")), .event(Specimen.progress(3, 20)),
      .note("all"),
      .event(Specimen.progress(4, 30)), .event(Specimen.event(5, .trouble("oh"))), .event(Specimen.progress(6, 40)),
      .event(Specimen.event(7, .proving(region: "linux", done: 1, size: 9, received: 4))),
      .event(Specimen.progress(8, 6, slot: "A2")),
    ]
    let begins = entries.map { backlog.add($0) }
    #expect(begins == [true] + entries.dropFirst().map { _ in false })
    let taken = backlog.take()
    #expect(words(taken) == ["A1 30", "A2 6", "all", "A1 oh", "A1 proving 1"])
  }

  @Test("has to be taken anew only after all of it was taken")
  func turns() {
    var backlog = ProgressBacklog()
    var begins = [backlog.add(.note("a"))]
    var taken = [backlog.take()]
    begins.append(backlog.add(.note("b")))
    taken.append(backlog.take())
    taken.append(backlog.take())
    begins.append(backlog.add(.note("c")))
    #expect(taken.map(words) == [["a"], ["b"], []])
    #expect(begins == [true, false, true])
  }

  @Test("does not grow with the time for which nobody looks")
  func bound() {
    var backlog = ProgressBacklog()
    for index in 0..<200_000 {
      _ = backlog.add(.event(Specimen.progress(Double(index), index, slot: "A\(index % 40)")))
    }
    #expect(backlog.count == 40)
  }
}
