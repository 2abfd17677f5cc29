import Testing

@testable import Udev

@Suite struct AdapterLedgerTests {
  private let one = Sighting.of(1)
  private let two = Sighting.of(2, socket: "1-2")

  @Test func `what is there at the start is added in the order of the list`() {
    var book = LedgerBook(hasUdevd: false)
    book.scan([two, one])
    #expect(book.news() == [.added(two.adapter), .added(one.adapter)])
    book.scan([one, two])
    #expect(book.news() == [])
  }

  @Test func `without udevd the kernel's word is enough, and udev's echo of it is no news`() {
    var book = LedgerBook(hasUdevd: false)
    let plugged = book.kernel(.other, one)
    #expect(book.news() == [.added(one.adapter)])
    book.udev(.other, one, after: plugged)
    let changed = book.kernel(.change, one)
    book.udev(.change, one, after: changed)
    #expect(book.news() == [.changed(one.adapter)])
    book.udev(.change, one, after: changed)
    let pulled = book.kernel(.remove, one)
    #expect(book.news() == [.removed(one.adapter)])
    book.udev(.remove, one, after: pulled)
    #expect(book.news() == [])
    #expect(book.ledger.count == 0)
  }

  @Test func `an adapter that nobody was told of goes in silence`() {
    var book = LedgerBook(hasUdevd: false)
    book.kernel(.other, one)
    book.kernel(.remove, one)
    #expect(!book.ledger.hasNews)
    #expect(book.news() == [])
    #expect(book.ledger.count == 0)
    book.kernel(.remove, two)
    #expect(book.news() == [])
  }

  @Test func `several changes between two looks are one`() {
    var book = LedgerBook(hasUdevd: false)
    book.scan([one])
    #expect(book.news() == [.added(one.adapter)])
    let named = Sighting.of(1, serial: "A")
    for _ in 0..<5 { book.kernel(.change, named) }
    #expect(book.news() == [.changed(named.adapter)])
  }

  @Test func `an event that changes nothing is told only if it says change`() {
    var book = LedgerBook(hasUdevd: false)
    book.scan([one])
    #expect(book.news() == [.added(one.adapter)])
    book.kernel(.other, one)
    #expect(book.news() == [])
    let named = Sighting.of(1, serial: "A")
    book.kernel(.other, named)
    #expect(book.news() == [.changed(named.adapter)])
    // Permissions may be others: nothing of that is in the value.
    book.kernel(.change, named)
    #expect(book.news() == [.changed(named.adapter)])
  }
}

// Pulls and plugs.
extension AdapterLedgerTests {
  @Test func `a quick re-plug is told as removed, then added`() {
    var book = LedgerBook(hasUdevd: false)
    book.scan([one, two])
    _ = book.news()
    let again = Sighting.of(1, incarnation: 2)
    book.kernel(.remove, one)
    book.kernel(.other, again)
    #expect(book.news() == [.removed(one.adapter), .added(again.adapter)])
    for incarnation in 3..<9 {
      book.kernel(.remove, again)
      book.kernel(.other, .of(1, incarnation: UInt64(incarnation)))
    }
    #expect(book.news() == [.removed(one.adapter), .added(again.adapter)])
    #expect(book.ledger.count == 2)
  }

  @Test func `a re-plug whose pull was lost is still told`() {
    var book = LedgerBook(hasUdevd: false)
    book.scan([one])
    _ = book.news()
    let again = Sighting.of(1, incarnation: 2)
    book.kernel(.other, again)
    #expect(book.news() == [.removed(one.adapter), .added(again.adapter)])
    book.scan([.of(1, incarnation: 3)])
    #expect(book.news() == [.removed(one.adapter), .added(again.adapter)])
  }

  @Test func `a re-plug that ends in a pull is a pull`() {
    var book = LedgerBook(hasUdevd: false)
    book.scan([one])
    _ = book.news()
    book.kernel(.remove, one)
    book.kernel(.other, .of(1, incarnation: 2))
    book.kernel(.remove, .of(1, incarnation: 2))
    #expect(book.news() == [.removed(one.adapter)])
    #expect(book.ledger.count == 0)
  }

  @Test func `two adapters that swap sockets are never told in one socket`() {
    var book = LedgerBook(hasUdevd: false)
    book.scan([one, two])
    _ = book.news()
    let (first, second) = (Sighting.of(1, socket: "1-2", incarnation: 2), Sighting.of(2, socket: "1-1", incarnation: 2))
    book.kernel(.remove, one)
    book.kernel(.other, first)
    book.kernel(.remove, two)
    book.kernel(.other, second)
    #expect(
      book.news() == [.removed(one.adapter), .removed(two.adapter), .added(first.adapter), .added(second.adapter)])
  }

  @Test func `a re-plug under another number is removed before it is added`() {
    var book = LedgerBook(hasUdevd: false)
    book.scan([one])
    _ = book.news()
    let other = Sighting.of(7)
    book.kernel(.other, other)
    book.kernel(.remove, one)
    #expect(book.news() == [.removed(one.adapter), .added(other.adapter)])
  }

  @Test func `a fresh look finds what lost events would have told`() {
    var book = LedgerBook(hasUdevd: false)
    book.scan([one, two])
    _ = book.news()
    let (named, three) = (Sighting.of(2, socket: "1-2", serial: "A"), Sighting.of(3))
    book.scan([named, three])
    #expect(book.news() == [.removed(one.adapter), .changed(named.adapter), .added(three.adapter)])
  }
}
