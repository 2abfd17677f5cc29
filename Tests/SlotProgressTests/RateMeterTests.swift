import Foundation
import Testing

@testable import SlotProgress

@Suite("The rate")
struct RateMeterTests {
  private func rate(_ samples: [(Double, Int)]) -> Double? {
    var meter = RateMeter(time: Specimen.start.addingTimeInterval(samples[0].0), count: samples[0].1)
    for (seconds, count) in samples.dropFirst() {
      meter.note(time: Specimen.start.addingTimeInterval(seconds), count: count)
    }
    return meter.perSecond
  }

  private static let table: [([(Double, Int)], Double?)] = [
    ([(0, 0)], nil), ([(0, 0), (0, 100)], nil), ([(0, 0), (2, 100)], 50), ([(0, 50), (2, 150)], 50),
    // What is long past no longer counts.
    ([(0, 0), (5, 10), (10, 20), (15, 1020), (20, 2020)], 200),
    // A clock that was set back, or a count that falls, begins anew.
    ([(10, 0), (12, 100), (5, 200), (6, 210)], 10), ([(0, 0), (1, 100), (2, 40), (4, 60)], 10),
    // A pause lowers the rate.
    ([(0, 0), (1, 100), (100, 100)], 1),
  ]

  @Test("is of the last seconds", arguments: table.indices)
  func rates(row: Int) {
    let (samples, expected) = Self.table[row]
    #expect(rate(samples) == expected)
  }
}
