import PositionedDocument
import TestSupport
import Testing

@testable import DeviceSimulator

@Suite("A fleet file")
struct SimulatedFleetTests {
  static func decode(_ text: String) throws -> SimulatedFleet {
    try Document.parse(Array(text.utf8), name: "fleet.json").decode(SimulatedFleet.self)
  }

  @Test("describes units, memory and faults")
  func specimen() throws {
    let fleet = try Self.decode(
      """
      {"units": [
        {"name": "board", "kind": "u-boot", "speed": 921600, "start": "halfLine", "echoDelay": 20,
         "noise": {"seed": 4, "flips": 0.001, "direction": "both", "above": 230400},
         "options": {"prompt": "MT7621 # ", "gutter": "old", "bootDelay": 1, "commands": ["md", "sf"],
           "environment": {"ethaddr": "00:11:22:33:44:55"},
           "spiFlash": {"name": "w25q64", "size": "8MiB", "content": {"random": 3}}},
         "memory": [{"address": "0x80000000", "size": "1 MiB", "content": {"fill": 0}},
           {"address": 4096, "size": 32, "content": {"pattern": [
             {"size": 4, "content": {"text": "abcd"}}, {"size": 2, "content": {"fill": "0x11"}}]}}],
         "images": [{"file": "flash.bin", "offset": 0, "size": "8MiB"}, {"file": "ram.bin", "address": 4096, "size": 8}]},
        {"name": "camera", "kind": "w90", "options": {"macAddress": "00:60:6E:00:00:01"},
         "memory": [{"address": "0x7F000000", "size": "2MiB", "content": {"camera": {"seed": 1, "images": [
           {"number": 7, "name": "linux.bin", "kind": "kernel", "address": "0x7F0E0000", "size": "0xC3C00"}]}}}]}]}
      """)
    let board = fleet.units[0]
    guard case .uBoot(let options) = board.loader else { throw ConsoleMismatch() }
    #expect(options.prompt == "MT7621 # ")
    #expect(options.commands == [.md, .sf])
    #expect(board.noise?.direction == .both && board.noise?.above == 230_400)
    #expect(board.start == .halfLine)
    let storage = try UnitStorage(board)
    #expect(storage.memory.bytes(at: 4096, count: 8) == Array("abcd".utf8) + [0x11, 0x11, 0xFF, 0xFF])
    #expect(storage.spiFlash?.bytes(at: 5, count: 100) == Array(seededBytes(count: 105, seed: 3).dropFirst(5)))
    guard case .w90(let camera) = fleet.units[1].loader else { throw ConsoleMismatch() }
    #expect(camera.macAddress == "00:60:6E:00:00:01")
    #expect(try UnitStorage(fleet.units[1]).memory.bytes(at: 0x7F0E_0000, count: 2) == [0x1F, 0x8B])
  }

  struct ConsoleMismatch: Error {}

  @Test(
    "mistakes are told with their place",
    arguments: [
      (#"{"units": [{"name": "a", "kind": "vax", "memory": []}]}"#, "units[0].kind"),
      (#"{"units": [{"name": "a/b", "kind": "w90", "memory": []}]}"#, "units[0].name: found \"a/b\"; a name has"),
      (
        #"{"units": [{"name": "a", "kind": "w90", "memory": [{"address": "0xZ", "size": 1, "content": {"fill": 0}}]}]}"#,
        "\"0xZ\" is not a number"
      ),
      (
        #"{"units": [{"name": "a", "kind": "w90", "memory": [{"address": 0, "size": 1, "content": {}}]}]}"#,
        "found 0 kinds of content; write exactly one of random, fill, text, file, pattern, camera"
      ),
      (
        #"{"units": [{"name": "a", "kind": "w90", "memory": []}, {"name": "a", "kind": "w90", "memory": []}]}"#,
        "two units are named \"a\""
      ),
      (
        #"{"units": [{"name": "a", "kind": "u-boot", "memory": [], "options": {"addressWidth": 16}}]}"#,
        "found 16; allowed are 32 and 64"
      ),
      (#"{"units": [{"name": "a", "kind": "w90", "memory": [], "sped": 9600}]}"#, "unknown key `sped`"),
      (#"{"units": [{"name": "a", "kind": "w90", "memory": [], "noise": {"drops": 2}}]}"#, "found 2.0; a share"),
    ])
  func mistakes(text: String, message: String) throws {
    let error = #expect(throws: DocumentError.self) { try Self.decode(text) }
    #expect(error.map { "\($0)" }?.contains(message) == true, "\(String(describing: error))")
  }

  @Test(
    "numbers",
    arguments: [("12", 12), ("0x7f0E", 0x7F0E), ("64KiB", 0x10000), ("2 MiB", 0x20_0000), ("0x1 GiB", 1 << 30)])
  func numbers(text: String, value: UInt64) { #expect(Quantity(text: text)?.value == value) }

  @Test(
    "texts that are no numbers",
    arguments: ["", "KiB", "-1", "1.5", "0x", "1 KB", "99999999999999999999", "0xFFFFFFFFFFFFFFFF KiB"])
  func noNumbers(text: String) { #expect(Quantity(text: text) == nil) }
}
