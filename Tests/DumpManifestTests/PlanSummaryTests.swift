import Testing

@testable import DumpManifest

@Suite("A plan's summary says what would be sent, how much would come back and how long that takes")
struct PlanSummaryTests {
  @Test func theOriginCamera() throws {
    let summary = PlanSummary(try Manifests.plan("origin-camera.json"))
    let linux = try #require(summary.slots.first?.regions.first)
    #expect(linux.reads == CommandSeries(first: "d -s 0x7F0E0000", last: "d -s 0x7F1A3B00", count: 3132))
    #expect(linux.digests == nil && linux.secondRead == .withoutFooter)
    // 50,112 lines of 68 characters, 3,132 echoed commands of 17.
    #expect(linux.characters == 50112 * 68 + 3132 * 17)
    #expect(linux.seconds == Double(linux.characters) * 10 / 115_200)
    #expect(summary.bytes == 0xC3C00 + 0x40000)
  }

  @Test func stagedFlash() throws {
    let summary = PlanSummary(try Manifests.plan("uboot-spi-nor.json"))
    let flash = try #require(summary.slots.first?.regions.first)
    #expect(
      flash.staging
        == CommandSeries(
          first: "sf read 82000000 0 400000", last: "sf read 82000000 c00000 400000", count: 4))
    #expect(flash.reads == CommandSeries(first: "md.q 82000000 2000", last: "md.q 823f0000 2000", count: 256))
    #expect(
      flash.digests
        == CommandSeries(
          first: "hash sha256 82000000 10000", last: "hash sha256 823f0000 10000", count: 256))
    #expect(flash.digestAlgorithms == ["sha256", "sha1", "md5", "crc32"])
    #expect(flash.secondRead == .none)
  }

  @Test(arguments: [
    ("8N1", 10), ("7E1", 10), ("8E2", 12), ("5N1", 7), ("8O1", 11),
  ])
  func bitsOfACharacter(format: String, bits: Int) throws {
    #expect(try #require(LineFormat(format)).bitsPerCharacter == bits)
    #expect(LineFormat(format)?.description == format)
  }

  @Test(arguments: ["", "8", "8N", "8N3", "9N1", "4N1", "8X1", "8n1", "8N11", "N81", "8N0"])
  func noFormat(text: String) { #expect(LineFormat(text) == nil) }

  @Test func nothingInItIsHidden() throws {
    let plan = try plan(
      #"""
      {"name": "m", "slots": [{"name": "a", "match": {"path": "pci-\u007F*\u001B[2J\n"}}],
       "console": {"dialect": "u-boot"}, "setup": ["echo \u200B"], "regions": [{"name": "r", "address": 0, "size": 16}]}
      """#)
    let text = PlanSummary(plan).description
    #expect(text.contains(#"pci-\u007F*\u001B[2J\n"#) && text.contains(#"echo \u200B"#), "\(text)")
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value < 0x7F }, "\(text)")
  }

  @Test func piecesChunksAndReadsAreCounted() throws {
    let plan = try plan(
      #"""
      {"name": "m", "slots": [{"name": "a", "tty": "t"}],
       "console": {"dialect": "u-boot", "method": "md.b", "readLength": 100},
       "regions": [{"name": "r", "size": 550, "staging": {"command": "c {ram} {offset} {size:d}", "ram": 4096,
                    "offset": 16, "piece": 250}}], "policy": {"verify": "reread"}}
      """#)
    let region = try #require(PlanSummary(plan).slots.first?.regions.first)
    // Pieces of 250, 250, 50 bytes, read by 100 + 100 + 50, the same again, and 50.
    #expect(region.staging == CommandSeries(first: "c 1000 10 250", last: "c 1000 204 50", count: 3))
    #expect(region.reads == CommandSeries(first: "md.b 1000 64", last: "md.b 1000 32", count: 7))
    #expect(region.secondRead == .always && region.digests == nil)
    // 100 bytes are 6 lines of 77 and one of 77 (the last is padded to its gutter) less 12 characters of it.
    let hundred = 6 * 77 + 8 + 1 + 48 + 2 + 4 + 2
    let fifty = 3 * 77 + 8 + 1 + 48 + 2 + 2 + 2
    #expect(region.characters == 2 * (4 * hundred + 3 * fifty + 7 * 14) + 3 * 15)
  }

  @Test func slotsRunSideBySide() throws {
    let text = { (parallel: Int) in
      #"""
      {"name": "m", "slots": [{"name": "a", "tty": "a"}, {"name": "b", "tty": "b"}, {"name": "c", "tty": "c"}],
       "console": {"dialect": "u-boot"}, "regions": [{"name": "r", "address": 0, "size": "1MiB"}],
       "policy": {"maxParallel": \#(parallel)}}
      """#
    }
    let one = try #require(PlanSummary(try plan(text(3))).slots.first).seconds
    #expect(PlanSummary(try plan(text(3))).seconds == one)
    #expect(PlanSummary(try plan(text(2))).seconds == 2 * one)
    #expect(PlanSummary(try plan(text(1))).seconds == 3 * one)
    #expect(PlanSummary(try plan(text(16))).parallel == 3)
  }

  @Test func slotsAtWhichTheSameIsDoneShareTheirText() throws {
    let text = PlanSummary(try Manifests.plan("fleet.json")).description
    #expect(text.hasPrefix("fleet: 4 slots, 4 at once, 21,773,312 bytes in about "))
    #expect(
      text.contains(
        """
        A1: adapter path=pci-0000:00:14.0-usb-0:1.1:1.0, 115200 8N1, dialect u-boot
        A2: adapter path=pci-0000:00:14.0-usb-0:1.2:1.0, 115200 8N1 (up to 921600), dialect u-boot
          wake\u{20}
        """))
    #expect(text.matches("(?m)^    read    `md.b bf000000 10000` … `md.b bf3f0000 10000`, 64 commands$"))
  }

  @Test func asText() throws {
    let plan = try plan(
      #"""
      {"name": "m", "slots": [{"name": "a", "link": "tcp://h:1"}],
       "console": {"dialect": "winbond-w90", "login": [{"when": "Password", "send": "x\r"}]},
       "identity": [{"name": "mac", "pattern": "p"}], "setup": ["ls"],
       "regions": [{"name": "r.img", "address": "0x7F000000", "size": 512},
                   {"name": "s", "address": "0x7F000200", "size": 200}]}
      """#)
    #expect(
      PlanSummary(plan).description == #"""
        m: 1 slot, 712 bytes in about 1 s

        a: tcp://h:1, 115200 8N1, dialect winbond-w90
          wake      "\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}" to clear the line, 5 times
                    "\r" for a prompt
                    "\u{1B}" at `Press ESC to enter debug mode`, once
                    "x\r" at `Password`
          identity  mac: what the console prints while starting (if it is there)
          setup     ls
          method    d -s, or else d -w, or else d -h -s, or else d -h, or else d -b
          region r.img: 512 bytes at 0x7F000000, image r.img
            read    `d -s 0x7F000000`, `d -s 0x7F000100`; again where no image footer certifies it
            takes   2,210 characters, 1 s
          region s: 200 bytes at 0x7F000200, image s.bin
            read    `d -s 0x7F000200`; again where no image footer certifies it
            takes   1,105 characters, 1 s
          in all    712 bytes, 3,315 characters, 1 s

        """#)
  }
}
