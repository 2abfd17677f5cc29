import DumpManifest
import TestSupport
import Testing

/// A manifest with one slot, as text. The plan is made of it by the loader that users have.
struct SlotManifest: Sendable {
  var dialect = "u-boot"
  var speed = 3_000_000
  /// Seconds to wait for the prompt.
  var wake = 30.0
  /// Seconds of silence in the middle of a reply.
  var reply = patientReply
  /// Members of `dialects`.
  var dialects = ""
  /// More members of `console`, each with a comma before it.
  var console = ""
  var identity = ""
  var setup = ""
  var regions: String
  /// Members of `policy`.
  var policy = #""retries": 5"#
  /// Where the plan says that the console is; a session is given its address.
  var endpoint = #""link": "unix:/nowhere""#
  /// The value of `reset`.
  var reset: String?

  /// A manifest whose one region is mapped.
  init(address: UInt64, size: Int) { regions = Self.region("flash", address: address, size: size) }

  /// A manifest with these regions.
  init(regions: [String]) { self.regions = regions.joined(separator: ", ") }

  static func region(_ name: String, address: UInt64, size: Int) -> String {
    #"{ "name": "\#(name)", "file": "\#(name).bin", "address": \#(address), "size": \#(size) }"#
  }

  /// A W90's manifest at the highest speed of its port.
  static func w90(address: UInt64 = Units.cameraKernel, size: Int = 8192) -> SlotManifest {
    var manifest = SlotManifest(address: address, size: size)
    manifest.dialect = "winbond-w90"
    manifest.speed = 921_600
    return manifest
  }

  func plan() throws -> SlotPlan {
    let text = """
      { "name": "bench", "dialects": { \(dialects) },
        "slots": [{ "name": "A1", \(endpoint) \(reset.map { #", "reset": \#($0)"# } ?? "") }],
        "console": { "dialect": "\(dialect)", "speed": \(speed), "timeouts": { "wake": \(wake), "reply": \(reply) }
          \(console) },
        "identity": [\(identity)], "setup": [\(setup)], "regions": [\(regions)], "policy": { \(policy) } }
      """
    return try #require(try BatchPlan.parse(Array(text.utf8), name: "bench.json").slots.first)
  }
}
