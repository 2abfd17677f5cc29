import DumpEngine
import DumpReport
import Testing

@Suite("Names of folders")
struct FileNameTests {
  static let hostile = [
    "", ".", "..", "...", "../../etc/passwd", "/", "/etc", "a/../b", ".hidden", "-rf", "--", "a\0b", "a\nb",
    "\u{1B}[2J",
    "CON:", "~", "$(reboot)", "`id`", "a b", "\\", "\u{202E}gpj", "工場", "🙂", String(repeating: "x", count: 300),
    String(repeating: "../", count: 300), String(repeating: "é", count: 300) + "a", "SHA256SUMS", "report.json",
    "Report.JSON", "report.json.tmp", "a.", "a..", "a-",
  ]

  @Test(
    "keep letters, digits, dots, underscores and dashes",
    arguments: [
      ("00:11:22:33:44:55", "00-11-22-33-44-55"), ("SN_1234.a-B", "SN_1234.a-B"), ("SN 12/34", "SN-12-34"),
      ("  x  ", "x"), ("a -- b", "a---b"), (".a.", "a"), ("Prüfplatz", "Pr-fplatz"), ("c:\\d", "c-d"),
      ("../../etc/passwd", "etc-passwd"), ("a..b", "a..b"),
    ])
  func kept(text: String, expected: String) {
    #expect(FileName(text)?.description == expected)
  }

  @Test("are absent where nothing is left", arguments: ["", ".", "..", "...", "-", "/", "工場", "\u{1B}", "-.-."])
  func absent(text: String) {
    #expect(FileName(text) == nil)
  }

  @Test("are safe, whatever the identity", arguments: hostile)
  func safe(text: String) {
    var names = UnitFolderNames()
    for _ in 0..<3 {
      let name = names.take(identity: [IdentityFact(name: "serial", value: text)], slot: text)
      let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
      #expect(allowed.isSuperset(of: name), "\(readable(name.utf8))")
      #expect((1...64).contains(name.utf8.count))
      #expect(!name.hasPrefix(".") && !name.hasPrefix("-") && !name.hasSuffix("."))
      #expect(!["sha256sums", "report.json", "report.html"].contains(name.lowercased()))
    }
  }

  @Test("tell units apart that claim the same identity")
  func collisions() {
    var names = UnitFolderNames()
    let claims = ["aa:bb", "aa:bb", "AA-BB", "aa-bb-2", "other", "aa:bb"]
    let taken = claims.map { names.take(identity: [IdentityFact(name: "mac", value: $0)], slot: "A1") }
    #expect(taken == ["aa-bb", "aa-bb-2", "AA-BB-3", "aa-bb-2-2", "other", "aa-bb-4"])
  }

  @Test("stay within the limit when they are numbered")
  func longCollisions() {
    var names = UnitFolderNames()
    let long = [IdentityFact(name: "serial", value: String(repeating: "9", count: 80))]
    let taken = (0..<12).map { _ in names.take(identity: long, slot: "A1") }
    #expect(Set(taken).count == 12)
    #expect(taken.allSatisfy { $0.utf8.count <= 64 })
    #expect(taken.last?.hasSuffix("9-12") == true)
  }

  @Test(
    "come from the first fact, else the slot, else neither",
    arguments: [
      ([IdentityFact(name: "mac", value: "aa"), IdentityFact(name: "serial", value: "bb")], "A1", "aa"),
      ([], "Bench 1/A1", "Bench-1-A1"), ([IdentityFact(name: "mac", value: "..")], "A1", "A1"), ([], "工場", "unnamed"),
    ])
  func sources(identity: [IdentityFact], slot: String, expected: String) {
    var names = UnitFolderNames()
    #expect(names.take(identity: identity, slot: slot) == expected)
  }
}
