import BatchScheduler
import DeviceSimulator
import DumpEngine
import DumpManifest
import DumpReport
import Foundation
import Synchronization
import TestSupport
import Testing

/// A batch of one slot that is stopped in the middle and gone on with.
struct StoppedBatch {
  static let size = 100_000

  /// Where its files are.
  let folder: TemporaryFolder
  /// Members of the policy.
  var policy = ""
  /// A second region, behind a comma.
  var otherRegion = ""
  /// Seconds of silence in the middle of a reply.
  var reply = patientReply
  var identity = #"{ "name": "mac", "command": "printenv ethaddr", "pattern": "^ethaddr=([0-9a-f:]{17})$" }"#

  static func with<Output: Sendable>(
    _ body: (StoppedBatch) async throws -> Output
  ) async throws -> Output {
    try await withTemporaryFolder { try await body(StoppedBatch(folder: $0)) }
  }

  func plan(_ tty: String, speed: Int = 3_000_000) throws -> BatchPlan {
    try BatchPlan.parse(
      Array(
        #"""
        { "name": "line", "slots": [{ "name": "A1", "tty": "\#(tty)" }],
          "console": { "dialect": "u-boot", "speed": \#(speed), "readLength": 16384,
            "timeouts": { "wake": 30, "reply": \#(reply) } },
          "identity": [\#(identity)],
          "regions": [{ "name": "flash", "file": "flash.bin", "address": \#(Units.flash), "size": \#(Self.size) }
            \#(otherRegion)],
          "policy": { \#(policy) } }
        """#.utf8), name: "line.json")
  }

  /// Runs it with a unit until a share of a region is held, or proved where that is asked.
  ///
  /// - Parameter onEvent: called with each event; must not block.
  func stop(
    _ unit: RunningUnit, at share: Double, proving: Bool = false, of name: String = "flash", speed: Int = 3_000_000,
    onEvent: @escaping @Sendable (SessionEvent.Kind) -> Void = { _ in }
  ) async throws -> UnitResult {
    let plan = try plan(unit.path, speed: speed)
    let (reached, reach) = AsyncStream<Void>.makeStream()
    let log = EventLog { event in
      onEvent(event.kind)
      switch event.kind {
      case .progress(name, let held, let size, _) where !proving && Double(held) >= share * Double(size): reach.finish()
      case .proving(name, let done, let size, _) where proving && Double(done) >= share * Double(size): reach.finish()
      case .ended: reach.finish()
      default: break
      }
    }
    let folder = folder.path
    let earlier = try self.earlier()
    let running = Task { await Batch(plan: plan, folder: folder, earlier: earlier, emit: log.take).run() }
    for await _ in reached {}
    running.cancel()
    let result = try #require(await running.value.first)
    #expect(result.interrupted && !result.regions.allSatisfy(\.isComplete), "\(result)")
    return result
  }

  /// Goes on with it at the tty of a unit.
  func goOn(
    _ tty: String, speed: Int = 3_000_000, onEvent: @escaping @Sendable (SessionEvent.Kind) -> Void = { _ in }
  ) async throws -> [UnitResult] {
    try await Batch(plan: plan(tty, speed: speed), folder: folder.path, earlier: earlier()) { onEvent($0.kind) }.run()
  }

  /// What of the first region was put aside: the bytes, and which of them the map calls finished.
  func asides(of result: UnitResult) throws -> [(bytes: [UInt8], ranges: RangeSet<Int>)] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file(result.folder))
    return try names.filter { $0.hasPrefix("flash.bin.earlier.") && !$0.hasSuffix(".map") }.map { name in
      let path = file(name, of: result)
      let map = try Mapfile(reading: Array(Data(contentsOf: URL(filePath: path + ".map"))))
      return (try Array(Data(contentsOf: URL(filePath: path))), map.ranges(.finished))
    }
  }

  /// What the folder tells of the units.
  func earlier() throws -> [UnitState] {
    try UnitState.all(in: folder.path).units.map { state in
      var state = state
      state.unit = state.unit.audited(in: folder.path)
      return state
    }
  }

  /// A file of the unit's folder.
  func file(_ name: String, of result: UnitResult) -> String { folder.file("\(result.folder)/\(name)") }

  /// The image is complete and what the unit holds.
  func expectImage(
    of unit: RunningUnit, _ results: [UnitResult], _ evidence: Set<Evidence>,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try #require(results.first, sourceLocation: sourceLocation)
    #expect(results.count == 1 && result.failure == nil, "\(results)", sourceLocation: sourceLocation)
    let image = FileManager.default.contents(atPath: file("flash.bin", of: result)).map(Array.init) ?? []
    let truth = try #require(unit.contents(address: Units.flash, size: Self.size), sourceLocation: sourceLocation)
    #expect(difference(found: image, expected: truth) == nil, sourceLocation: sourceLocation)
    #expect(Set(result.regions[0].blocks.map(\.evidence)) == evidence, "\(result)", sourceLocation: sourceLocation)
    #expect(result.isVerified, sourceLocation: sourceLocation)
  }
}

/// Turns a bit of a file over.
func flipBit(of path: String, at offset: Int) throws {
  let file = try FileHandle(forUpdating: URL(filePath: path))
  try file.seek(toOffset: UInt64(offset))
  let byte = try #require(try file.read(upToCount: 1)?.first)
  try file.seek(toOffset: UInt64(offset))
  try file.write(contentsOf: Data([byte ^ 1]))
  try file.close()
}
