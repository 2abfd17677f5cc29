import Testing

@testable import DumpEngine

@Suite("A digest is trusted as long as little speaks against it")
struct DigestTrustTests {
  @Test("losses count in a row; an answer over fewer bytes is no answer to them")
  func losses() {
    var trust = DigestTrust()
    trust.noteLoss(over: 65_536)
    trust.noteAnswer(over: 4096)
    #expect(trust.losses == 1 && !trust.hasAnswered(over: 64))
    trust.noteAnswer(over: 65_536)
    #expect(trust.losses == 0 && trust.hasAnswered(over: 65_536))
    trust.noteLoss(over: 4096)
    trust.noteLoss(over: 4096)
    #expect(trust.losses == DigestTrust.mostLosses)
  }

  @Test("a lie is told from bad memory by its being everywhere")
  func lies() {
    var trust = DigestTrust()
    for place in stride(from: 0, to: 4096, by: 256) { trust.noteDispute(at: place) }
    #expect(trust.lies == nil)
    // The same place again is nothing new.
    trust.noteDispute(at: 256)
    #expect(trust.lies == nil)
    trust.noteDispute(at: 4096)
    #expect(trust.lies == 17)
    trust.noteRight()
    for place in [0, 4096, 8192] { trust.noteDispute(at: place) }
    #expect(trust.lies == nil)
    trust.noteDispute(at: 12_288)
    #expect(trust.lies == 4)
  }
}
