import Testing

@testable import Udev

/// With a udevd, which is late by its nature.
@Suite struct AdapterLedgerUdevdTests {
  private let raw = Sighting.of(1)
  private let finished = Sighting.of(1, isInitialized: true, serial: "A")

  @Test func `an adapter is told when udevd has finished with it`() {
    var book = LedgerBook(hasUdevd: true)
    let plugged = book.kernel(.other, raw)
    #expect(book.news() == [])
    book.udev(.other, finished, after: plugged)
    #expect(book.news() == [.added(finished.adapter)])
    #expect(book.ledger.nextDeadline == nil)
  }

  @Test func `a pull is told at once`() {
    var book = LedgerBook(hasUdevd: true)
    book.scan([finished])
    #expect(book.news() == [.added(finished.adapter)])
    let pulled = book.kernel(.remove, finished)
    #expect(book.news() == [.removed(finished.adapter)])
    book.udev(.remove, finished, after: pulled)
    #expect(book.news() == [])
  }

  @Test func `a change is told when udevd has finished with it`() {
    var book = LedgerBook(hasUdevd: true)
    book.scan([finished])
    _ = book.news()
    let changed = book.kernel(.change, finished)
    #expect(book.news() == [])
    book.udev(.change, finished, after: changed)
    #expect(book.news() == [.changed(finished.adapter)])
  }

  @Test func `what is there at the start is told if udevd has finished with it, else later`() {
    var book = LedgerBook(hasUdevd: true)
    let other = Sighting.of(2, socket: "1-2", isInitialized: true)
    book.scan([raw, other])
    #expect(book.news() == [.added(other.adapter)])
    #expect(book.ledger.overdue(at: book.now) == [])
    book.udev(.other, finished, after: 5)
    #expect(book.news() == [.added(finished.adapter)])
  }

  @Test func `udevd's time is up after five seconds, and then the adapter is taken as it is`() {
    var book = LedgerBook(hasUdevd: true)
    book.kernel(.other, raw)
    let deadline = book.now.advanced(by: .seconds(5))
    #expect(book.ledger.nextDeadline == deadline)
    #expect(book.ledger.overdue(at: deadline.advanced(by: .nanoseconds(-1))) == [])
    #expect(book.ledger.overdue(at: deadline) == [raw.adapter.sysPath])
    book.ledger.takeUnfinished(raw.adapter.sysPath, raw)
    #expect(book.news() == [.added(raw.adapter)])
    #expect(book.ledger.nextDeadline == nil)
  }

  @Test func `what udevd finishes after its time is a change`() {
    var book = LedgerBook(hasUdevd: true)
    let plugged = book.kernel(.other, raw)
    book.ledger.takeUnfinished(raw.adapter.sysPath, raw)
    _ = book.news()
    book.udev(.other, finished, after: plugged)
    #expect(book.news() == [.changed(finished.adapter)])
  }

  @Test func `more events do not give udevd more time`() {
    var book = LedgerBook(hasUdevd: true)
    let deadline = book.now.advanced(by: .seconds(5))
    book.kernel(.other, raw)
    book.now = book.now.advanced(by: .seconds(4))
    book.kernel(.change, raw)
    #expect(book.ledger.nextDeadline == deadline)
  }

  @Test func `an adapter that is gone when udevd's time is up is forgotten`() {
    var book = LedgerBook(hasUdevd: true)
    book.kernel(.other, raw)
    book.ledger.takeUnfinished(raw.adapter.sysPath, nil)
    #expect(book.news() == [])
    #expect(book.ledger.count == 0)
  }

  @Test func `a late word on an earlier plugging does not announce the next one`() {
    var book = LedgerBook(hasUdevd: true)
    let again = Sighting.of(1, incarnation: 2, serial: "A")
    let first = book.kernel(.other, raw)
    let pulled = book.kernel(.remove, raw)
    let second = book.kernel(.other, again)
    book.udev(.other, again, after: first)
    #expect(book.news() == [])
    book.udev(.remove, again, after: pulled)
    #expect(book.ledger.count == 1)
    book.udev(.other, again, after: second)
    #expect(book.news() == [.added(again.adapter)])
  }

  @Test(arguments: [false, true]) func `a late word does not bring a pulled adapter back`(hasUdevd: Bool) {
    var book = LedgerBook(hasUdevd: hasUdevd)
    book.scan([finished])
    #expect(book.news() == [.added(finished.adapter)])
    let changed = book.kernel(.change, finished)
    book.kernel(.remove, finished)
    // Whether or not the consumer has heard of the pull by then.
    book.udev(.change, finished, after: changed)
    #expect(book.news() == [.removed(finished.adapter)])
    book.udev(.change, finished, after: changed)
    #expect(book.news() == [])
    #expect(book.ledger.count == 0)
  }

  @Test func `where the kernel cannot be heard, udevd's word is enough`() {
    var book = LedgerBook(hasUdevd: true)
    book.udev(.other, finished, after: 7)
    #expect(book.news() == [.added(finished.adapter)])
  }

  @Test func `a pull that only udevd tells of is believed`() {
    var book = LedgerBook(hasUdevd: true)
    let plugged = book.kernel(.other, raw)
    book.udev(.other, finished, after: plugged)
    _ = book.news()
    book.udev(.remove, finished, after: plugged)
    #expect(book.news() == [])
    book.udev(.remove, finished, after: plugged + 1)
    #expect(book.news() == [.removed(finished.adapter)])
  }

  @Test func `where udevd's word was lost, its database tells`() {
    var book = LedgerBook(hasUdevd: true)
    book.kernel(.other, raw)
    book.scan([raw])
    #expect(book.news() == [])
    book.scan([finished])
    #expect(book.news() == [.added(finished.adapter)])
    #expect(book.ledger.nextDeadline == nil)
  }

  @Test func `events go on where udevd is stopped and started`() {
    var book = LedgerBook(hasUdevd: true)
    book.scan([finished])
    book.hasUdevd = false
    let two = Sighting.of(2, socket: "1-2")
    book.kernel(.other, two)
    #expect(book.news() == [.added(finished.adapter), .added(two.adapter)])
    book.hasUdevd = true
    let three = Sighting.of(3, socket: "1-3")
    let plugged = book.kernel(.other, three)
    #expect(book.news() == [])
    book.udev(.other, three, after: plugged)
    #expect(book.news() == [.added(three.adapter)])
  }
}
