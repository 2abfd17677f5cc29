import ConsoleDialect
import Foundation
import NIOPosix
import SerialLink
import TestSupport
import Testing

@testable import DumpEngine
@testable import DumpManifest

/// What a session left of a board.
struct BoardDump {
  let unit: UnitResult
  let image: [UInt8]?

  /// The one region is whole, equal to the flash, and the unit's own digest proves every block.
  func expectVerified(_ flash: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(unit.failure == nil, "\(unit.failure?.message ?? "")", sourceLocation: sourceLocation)
    let image = try #require(image, "no complete image", sourceLocation: sourceLocation)
    #expect(difference(found: image, expected: flash) == nil, sourceLocation: sourceLocation)
    let region = unit.regions[0]
    #expect(region.blocks.map(\.range) == [0..<flash.count], sourceLocation: sourceLocation)
    let evidence = Set(region.blocks.map(\.evidence))
    #expect(evidence == [.deviceDigest(.crc32)], "\(evidence)", sourceLocation: sourceLocation)
    #expect(region.deviceDigest != nil, sourceLocation: sourceLocation)
    #expect(unit.isVerified, sourceLocation: sourceLocation)
  }
}

/// Dumps the start of a board's flash, and disturbs it once a third is held.
///
/// - Parameter replyTimeout: seconds; an emulated board may get no processor for long, so it is generous unless the
///   test is about silence.
/// - Parameter reference: an image of before; with one, what is known is not read.
func dump(
  _ board: QemuBoard, method: String, size: Int, replyTimeout: Double = 60, reference: [UInt8]? = nil,
  disturb: @escaping @Sendable () async -> Void
) async throws -> BoardDump {
  try await withTemporaryFolder { folder in
    var plan = try slotPlan(method: method, size: size, replyTimeout: replyTimeout)
    let (events, emit) = AsyncStream<SessionEvent>.makeStream()
    var services = SessionServices(
      batchFolder: folder.path, emit: { emit.yield($0) },
      claim: { slot, _ in
        try FileManager.default.createDirectory(atPath: folder.file(slot), withIntermediateDirectories: true)
        return UnitClaim(folder: slot)
      }, check: { _, _ in [] })
    if let reference {
      let path = folder.file("golden.bin")
      try Data(reference).write(to: URL(filePath: path))
      plan.policy.reuse = .reference
      services.reference = { _, _ in KnownImage(path: path) }
    }
    async let disturbance: Void = {
      for await event in events {
        if case .progress(_, let held, let size, _) = event.kind, held > size / 3 { return await disturb() }
      }
    }()
    let session = Session(plan: plan, services: services)
    let unit = await session.run(at: .unix(path: board.console), on: MultiThreadedEventLoopGroup.singleton)
    emit.finish()
    await disturbance
    let image = FileManager.default.contents(atPath: folder.file("\(unit.folder)/flash.bin")).map(Array.init)
    return BoardDump(unit: unit, image: image)
  }
}

private func slotPlan(method: String, size: Int, replyTimeout: Double) throws -> SlotPlan {
  let dialect = try #require(try Dialect.builtIn(named: "u-boot"))
  return SlotPlan(
    name: "board", endpoint: .unix(path: ""),
    console: ConsolePlan(
      dialect: dialect, speed: 115200, format: .usual, login: [], method: method, byteOrder: nil, readLength: 65536,
      wakeTimeout: 240, replyTimeout: replyTimeout),
    identity: [], setup: [],
    regions: [
      RegionPlan(
        name: "flash", file: "flash.bin", source: .mapped(address: QemuBoard.flashAddress), size: size, checks: [])
    ], policy: DumpPolicy(verify: .auto, retries: 20, reuse: .never, speedUp: .never))
}
