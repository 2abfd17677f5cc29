import ConsoleDialect
import Foundation
import PositionedDocument
import Testing

@testable import DumpManifest

@Suite("A manifest becomes a plan with all defaults and overrides applied")
struct PlanTests {
  @Test func defaults() throws {
    let plan = try plan(
      #"""
      {"name": "m", "slots": [{"name": "a", "tty": "/dev/t"}], "console": {"dialect": "u-boot"},
       "identity": [{"name": "mac", "command": "m", "pattern": "x"}, {"name": "boot", "pattern": "y"}],
       "regions": [{"name": "boot.img", "address": "0x10", "size": "4KiB"},
                   {"name": "flash", "size": "3 MiB", "staging": {"command": "r {ram} {offset} {size}", "ram": 1}},
                   {"name": "env", "size": 512, "staging": {"command": "e {ram} {offset} {size}", "ram": 1}}]}
      """#)
    let slot = try #require(plan.slots.first)
    #expect(plan.name == "m" && plan.slots.count == 1)
    #expect(plan.maxParallel == nil && plan.onFailure == .continue && plan.outputFolder == nil)
    #expect(slot.endpoint == .tty(path: "/dev/t"))
    #expect(slot.console.dialect == (try Dialect.builtIn(named: "u-boot")))
    #expect(slot.console.speed == 115_200 && slot.console.format == .usual)
    #expect(slot.console.login.isEmpty && slot.console.method == nil && slot.console.byteOrder == nil)
    #expect(slot.console.readLength == 65536 && slot.console.wakeTimeout == 60 && slot.console.replyTimeout == 5)
    #expect(slot.identity.map(\.required) == [true, false])
    #expect(slot.setup.isEmpty)
    #expect(slot.policy == DumpPolicy(verify: .auto, retries: 5, reuse: .batch, speedUp: .never))
    #expect(slot.policy.transcript == 1 << 30)
    #expect(slot.regions.map(\.file) == ["boot.img", "flash.bin", "env.bin"])
    #expect(slot.regions[0].source == .mapped(address: 0x10))
    #expect(slot.regions[0].size == 4096 && slot.regions[0].checks.isEmpty)
    let staged = slot.regions.compactMap { if case .staged(let staging) = $0.source { staging } else { nil } }
    #expect(staged.map(\.piece) == [1 << 20, 512])
    #expect(staged.map(\.offset) == [0, 0])
  }

  @Test(arguments: [
    ("lamp", "m", "lamp"), ("./lamp", "m", "m/lamp"), ("bin/lamp", "/etc/m/", "/etc/m/bin/lamp"),
    ("./lamp", "", "./lamp"),
    ("/bin/lamp", "m", "/bin/lamp"), ("../lamp", "m", "m/../lamp"),
  ])
  func programsByAPathStartFromTheManifestsFolder(name: String, folder: String, expected: String) throws {
    let text = #"""
      {"name": "m", "slots": [{"name": "a", "tty": "/dev/t"}], "console": {"dialect": "u-boot"},
       "regions": [{"name": "r", "address": 0, "size": 1}],
       "reset": {"command": ["\#(name)", "./on"]}, "hooks": {"unitFailed": ["\#(name)", "./on"]}}
      """#
    let plan = try BatchPlan.parse(Array(text.utf8), name: "m.json", folder: folder)
    #expect(plan.slots[0].hooks.unitFailed == [expected, "./on"])
    #expect(plan.slots[0].reset?.means == .command([expected, "./on"]))
  }

  @Test func overridesOfConsoleAndPolicyAreKeyByKey() throws {
    let plan = try plan(
      #"""
      {"name": "m",
       "slots": [{"name": "a", "tty": "a"},
                 {"name": "b", "tty": "b", "policy": {"retries": 0},
                  "console": {"speed": 9600, "timeouts": {"reply": 1}, "login": [], "prompt": "=> "}}],
       "console": {"dialect": "u-boot", "speed": 57600, "format": "7E2", "method": "md.b", "byteOrder": "big",
                   "timeouts": {"wake": 10, "reply": 2}, "login": [{"when": "l", "send": "s"}],
                   "autoboot": [{"when": "go", "send": "x", "every": 0.5}], "readLength": 256},
       "regions": [{"name": "r", "address": 0, "size": 1}],
       "policy": {"verify": "reread", "retries": 9, "reuse": "never", "speedUp": {"to": 230400}, "maxParallel": 1,
                  "onFailure": "stop"}}
      """#)
    let (a, b) = (plan.slots[0], plan.slots[1])
    #expect(a.console.speed == 57600 && b.console.speed == 9600)
    #expect(a.console.format.description == "7E2" && b.console.format.description == "7E2")
    #expect(a.console.method == "md.b" && b.console.method == "md.b")
    #expect(b.console.byteOrder == .big && b.console.readLength == 256)
    #expect([a.console.wakeTimeout, a.console.replyTimeout] == [10, 2])
    #expect([b.console.wakeTimeout, b.console.replyTimeout] == [10, 1])
    #expect(a.console.login == [Answer(when: try Pattern("l"), send: "s")] && b.console.login.isEmpty)
    #expect(a.console.dialect.wake.autoboot.first == Answer(when: try Pattern("go"), send: "x", every: 0.5))
    #expect(a.console.dialect.wake.autoboot.count == b.console.dialect.wake.autoboot.count)
    #expect(b.console.dialect.prompt.pattern.text == "=> " && a.console.dialect.prompt.pattern.text != "=> ")
    #expect(a.policy == DumpPolicy(verify: .reread, retries: 9, reuse: .never, speedUp: .named(to: 230_400)))
    #expect(b.policy == DumpPolicy(verify: .reread, retries: 0, reuse: .never, speedUp: .named(to: 230_400)))
    #expect(plan.maxParallel == 1 && plan.onFailure == .stop)
  }

  @Test(
    "a transcript's limit is a size, and told in the summary where the manifest names it",
    arguments: [
      ("0", 0, "none"), (#""1MiB""#, 1 << 20, "up to 1MiB of disk"),
      ("1048577", (1 << 20) + 1, "up to 1048577 bytes of disk"),
      (#""1024 GiB""#, 1 << 40, "up to 1024GiB of disk"), (#""1GiB""#, 1 << 30, nil),
    ] as [(String, Int, String?)])
  func transcriptLimits(text: String, bytes: Int, summary: String?) throws {
    let plan = try plan(
      #"""
      {"name": "m", "slots": [{"name": "a", "tty": "a"}], "console": {"dialect": "u-boot"},
       "regions": [{"name": "r", "address": 0, "size": 1}], "policy": {"transcript": \#(text)}}
      """#)
    #expect(plan.slots.first?.policy.transcript == bytes)
    #expect(PlanSummary(plan).slots.first?.transcript == summary)
    #expect(PlanSummary(plan).description.contains("\n  log ") == (summary != nil))
  }

  @Test func identitySetupAndRegionsReplaceTheManifests() throws {
    let plan = try plan(
      #"""
      {"name": "m", "console": {"dialect": "u-boot"}, "identity": [{"name": "i", "pattern": "x"}], "setup": ["s"],
       "slots": [{"name": "a", "tty": "a"},
                 {"name": "b", "tty": "b", "identity": [], "setup": ["t"],
                  "regions": [{"name": "q", "address": 8, "size": 8, "checks": [{"kind": "romfs", "offset": 4}]}]}],
       "regions": [{"name": "r", "address": 0, "size": 1}]}
      """#)
    #expect(plan.slots.map(\.setup) == [["s"], ["t"]])
    #expect(plan.slots.map { $0.identity.map(\.name) } == [["i"], []])
    #expect(plan.slots.map { $0.regions.map(\.name) } == [["r"], ["q"]])
    #expect(plan.slots[1].regions[0].checks == [ImageCheckRule(kind: .romfs, offset: 4)])
  }

  @Test(arguments: [
    (#""tty": "/dev/ttyUSB0""#, Endpoint.tty(path: "/dev/ttyUSB0")),
    (#""tty": "ttys/a""#, .tty(path: "/srv/m/ttys/a")),
    (#""link": "unix:/run/s""#, .unix(path: "/run/s")),
    (#""link": "unix:./s""#, .unix(path: "/srv/m/s")),
    (#""link": "tcp://host.local:1""#, .tcp(host: "host.local", port: 1)),
    (#""link": "tcp://[fe80::1%eth0]:65535""#, .tcp(host: "fe80::1%eth0", port: 65535)),
    (
      #""match": {"path": "p", "ID_MODEL": "m", "$comment": "c"}"#,
      .adapter(AdapterMatch(rules: ["path": "p", "ID_MODEL": "m"]))
    ),
  ])
  func endpoints(text: String, endpoint: Endpoint) throws {
    let plan = try plan(
      #"{"name": "m", "slots": [{"name": "a", \#(text)}], "console": {"dialect": "u-boot"}, "output": {"folder": "o"}, "#
        + #""regions": [{"name": "r", "address": 0, "size": 1}]}"#, folder: "/srv/m")
    #expect(plan.slots[0].endpoint == endpoint)
    #expect(plan.outputFolder == "/srv/m/o")
  }

  @Test func aDialectOfTheManifestsOwnComesBeforeTheBuiltInOne() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "manifests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let table =
      #"{"name": "u-boot", "title": "Mine", "prompt": {"pattern": "> "}, "wake": {"nudge": "\r"}, "speed": 300, "#
      + #""reads": [{"name": "d", "command": "d {address} {length}", "layout": {}}]}"#
    try Data(table.utf8).write(to: folder.appending(path: "mine.json"))
    let manifest =
      #"{"name": "m", "slots": [{"name": "a", "tty": "a"}], "console": {"dialect": "u-boot"}, "#
      + #""dialects": {"u-boot": "mine.json"}, "regions": [{"name": "r", "address": 0, "size": 1}]}"#
    try Data(manifest.utf8).write(to: folder.appending(path: "m.json"))
    let plan = try BatchPlan.load(path: folder.appending(path: "m.json").path(percentEncoded: false))
    #expect(plan.slots[0].console.dialect.title == "Mine")
    #expect(plan.slots[0].console.speed == 300)
  }

  @Test func aThousandSlotsAndNoMore() throws {
    let slots = { (count: Int) in (0..<count).map { #"{"name": "s\#($0)", "tty": "t\#($0)"}"# }.joined(separator: ",") }
    let text = { (count: Int) in
      #"{"name": "m", "slots": [\#(slots(count))], "console": {"dialect": "u-boot"}, "#
        + #""regions": [{"name": "r", "address": 0, "size": 1}]}"#
    }
    #expect(try plan(text(1000)).slots.count == 1000)
    let error = #expect(throws: ManifestError.self) { try plan(text(1001)) }
    #expect(error?.description == "m.json:1:24: slots: 1001 slots are listed; at most 1000 are allowed")
  }
}

@Suite("JSON and both forms of property list give the same plan")
struct ManifestFormatTests {
  @Test(arguments: Manifests.examples, [PropertyListSerialization.PropertyListFormat.xml, .binary])
  func examples(name: String, format: PropertyListSerialization.PropertyListFormat) throws {
    let document = try Manifests.document(name)
    let list = try PropertyListSerialization.data(
      fromPropertyList: document.root.propertyList, format: format, options: 0)
    // Foundation writes a bare CR, which every reader of XML must take as LF.
    let bytes = format == .xml ? list.flatMap { $0 == 0x0D ? Array("&#13;".utf8) : [$0] } : Array(list)
    let plan = try BatchPlan.parse(bytes, name: "m.plist", folder: Manifests.folder)
    #expect(try plan == Manifests.plan(name))
  }

  @Test func theFleetIsTheSameTwice() throws {
    #expect(try Manifests.document("fleet.json").format == .json)
    #expect(try Manifests.document("fleet.plist").format == .xmlPropertyList)
    #expect(try Manifests.plan("fleet.json") == Manifests.plan("fleet.plist"))
  }

  @Test func problemsInXMLHavePlacesToo() {
    let text = """
      <plist><dict>
      <key>name</key><string>a/b</string>
      <key>slots</key><array/>
      <key>regoins</key><array/>
      </dict></plist>
      """
    let error = #expect(throws: ManifestError.self) { try BatchPlan.parse(Array(text.utf8), name: "m.plist") }
    #expect(error?.description == "m.plist:4:1: unknown key `regoins`; did you mean `regions`?")
  }

  @Test func problemsInBinaryHaveKeyPaths() throws {
    let objects: [String: Any] = ["name": "m", "slots": [["name": "a", "tty": ""]], "console": ["dialect": "uboot"]]
    let list = try PropertyListSerialization.data(fromPropertyList: objects, format: .binary, options: 0)
    let error = #expect(throws: ManifestError.self) { try BatchPlan.parse(Array(list), name: "m.plist") }
    #expect(
      error?.description == """
        m.plist: slots[0].tty: the tty's path is empty
        m.plist: slots[0]: slot `a` has no `regions`, and the manifest has none for all slots: nothing to dump
        m.plist: console.dialect: there is no dialect `uboot`; did you mean `u-boot`? known: \
        \(Dialect.builtInNames.joined(separator: ", "))
        """)
  }

  @Test(arguments: [
    (
      "name: fleet\nslots:\n",
      "1:1: this looks like YAML, which is not read; write JSON or a property list (XML or binary)"
    ),
    ("{\"name\": \"m\",}", "1:13: JSON has no comma before `}`; remove it"),
    (
      "{\n// the line\n\"name\": \"m\"}",
      "2:1: expected a key in double quotes, found `/`; JSON has no comments, but a key `$comment` may hold one"
    ),
    ("", "1:1: the file is empty; expected JSON or a property list"),
    (
      "<plist><dict><key>name</key></plist>",
      "1:37: an end tag that does not match its start tag; expected a property list in XML"
    ),
    ("[]", "1:1: expected an object, found an empty array"),
  ])
  func noManifestAtAll(text: String, message: String) {
    let error = #expect(throws: ManifestError.self) { try plan(text) }
    #expect(error?.description == "m.json:" + message)
  }
}

@Suite("Addresses and sizes are numbers or texts")
struct QuantityTests {
  @Test(
    arguments: [
      ("0", 0), ("4096", 4096), ("0x7F0E0000", 0x7F0E_0000), ("0Xff", 255), ("4KiB", 4096), ("1 MiB", 1 << 20),
      ("2GiB", 2 << 30), ("0x10 KiB", 16 << 10), ("18446744073709551615", UInt64.max),
      ("0xFFFFFFFFFFFFFFFF", UInt64.max), ("18014398509481983KiB", UInt64.max - 1023),
    ] as [(String, UInt64)])
  func parsed(text: String, value: UInt64) { #expect(Quantity.parse(text) == value) }

  @Test(arguments: [
    "", " ", "KiB", "0x", "x10", "-1", "+1", "1.5", "4KB", "4kib", "4 K", "4  KiB", " 4", "4 ", "0x-1", "1_000", "٣",
    "18446744073709551616", "18014398509481984KiB",
  ])
  func refused(text: String) { #expect(Quantity.parse(text) == nil) }
}
