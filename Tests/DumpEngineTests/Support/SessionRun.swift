import DeviceSimulator
import DumpManifest
import Foundation
import NIOPosix
import SerialLink
import Synchronization
import TestSupport
import Testing

@testable import DumpEngine

/// What a session left.
struct SessionRun: Sendable {
  let unit: UnitResult
  /// Files of the unit's folder by name.
  let files: [String: [UInt8]]
  let events: [SessionEvent.Kind]

  /// The failure, and the end of the dialogue that led to it.
  var failureText: Comment {
    let failure = unit.failure.map { "\($0.kind): \($0.message)" } ?? "no failure"
    let log = String(decoding: files["console.log"] ?? [], as: UTF8.self)
    let map = String(decoding: files["flash.map"] ?? [], as: UTF8.self)
    return "\(failure)\n\(map)\(troubles)\n\(log.split(separator: "\n").suffix(400).joined(separator: "\n"))"
  }

  /// Texts of all `trouble` events.
  var troubles: [String] { events.compactMap { if case .trouble(let text) = $0 { text } else { nil } } }

  /// The line rates that were changed to, in order.
  var speeds: [Int] { events.compactMap { if case .speed(let rate) = $0 { rate } else { nil } } }

  /// The image is whole and equal to `expected`, and every byte has evidence of these kinds.
  func expectImage(
    _ expected: [UInt8]?, file: String = "flash.bin", evidence: Set<Evidence>,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let expected = try #require(expected, "nothing to compare with", sourceLocation: sourceLocation)
    #expect(unit.failure == nil, failureText, sourceLocation: sourceLocation)
    let image = try #require(files[file], "no complete image; \(failureText)", sourceLocation: sourceLocation)
    #expect(difference(found: image, expected: expected) == nil, sourceLocation: sourceLocation)
    let region = try #require(unit.regions.first { $0.file == file }, sourceLocation: sourceLocation)
    #expect(Set(region.blocks.map(\.evidence)) == evidence, sourceLocation: sourceLocation)
    #expect(region.isComplete && region.bad.isEmpty, sourceLocation: sourceLocation)
    #expect(unit.isVerified == !evidence.contains(.none), sourceLocation: sourceLocation)
    #expect(files[region.file + ".partial"] == nil, "a .partial is left", sourceLocation: sourceLocation)
  }

  /// The image is partial, bears its partial name, and every range that its map calls finished or read equals
  /// `expected`. Returns how many bytes that are.
  @discardableResult
  func expectTruePartial(
    _ expected: [UInt8]?, region: String = "flash", sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Int {
    let expected = try #require(expected, "nothing to compare with", sourceLocation: sourceLocation)
    #expect(files[region + ".bin"] == nil, "an incomplete image bears its final name", sourceLocation: sourceLocation)
    let partial = try #require(files[region + ".bin.partial"], "no .partial", sourceLocation: sourceLocation)
    let map = String(decoding: try #require(files[region + ".map"], sourceLocation: sourceLocation), as: UTF8.self)
    var good = 0
    for range in mapRanges(map, "+") + mapRanges(map, "*") {
      #expect(range.upperBound <= partial.count, "the map claims more than is there", sourceLocation: sourceLocation)
      guard range.upperBound <= partial.count else { continue }
      let wrong = difference(found: Array(partial[range]), expected: Array(expected[range]))
      #expect(wrong == nil, sourceLocation: sourceLocation)
      good += range.count
    }
    let result = try #require(unit.regions.first { $0.name == region }, sourceLocation: sourceLocation)
    #expect(result.blocks.reduce(0) { $0 + $1.range.count } == good, sourceLocation: sourceLocation)
    return good
  }

  /// The transcript is there and tells of both directions.
  func expectTranscript(sourceLocation: SourceLocation = #_sourceLocation) {
    let text = String(decoding: files["console.log"] ?? [], as: UTF8.self)
    #expect(text.contains(" > ") && text.contains(" < "), "\(text.prefix(300))", sourceLocation: sourceLocation)
  }
}

/// Ranges of a mapfile that have a status.
func mapRanges(_ map: String, _ status: String) -> [Range<Int>] {
  map.split(separator: "\n").filter { !$0.hasPrefix("#") }.dropFirst().compactMap { line in
    let words = line.split(separator: " ")
    guard words.count == 3, words[2] == status, let start = Int(words[0].dropFirst(2), radix: 16),
      let size = Int(words[1].dropFirst(2), radix: 16)
    else { return nil }
    return start..<start + size
  }
}

/// Runs a session; `onEvent` is called with its events, one after the other, `onProgram` for programs of the manifest's,
/// `onFolder` with the unit's folder before anything is in it, `onEmit` with each event before the session goes on.
func runSession(
  _ manifest: SlotManifest, at address: LinkAddress, exchange: Exchange? = nil,
  onEvent: @escaping @Sendable (SessionEvent.Kind) async -> Void = { _ in },
  onProgram: @escaping @Sendable () async -> Void = {},
  onFolder: @escaping @Sendable (String) throws -> Void = { _ in },
  onEmit: @escaping @Sendable (SessionEvent.Kind) -> Void = { _ in }
) async throws -> SessionRun {
  let plan = try manifest.plan()
  return try await withTemporaryFolder { folder in
    let (stream, feed) = AsyncStream<SessionEvent.Kind>.makeStream()
    let kept = Mutex<[SessionEvent.Kind]>([])
    var services = SessionServices(
      batchFolder: folder.path,
      emit: { event in
        kept.withLock { $0.append(event.kind) }
        onEmit(event.kind)
        feed.yield(event.kind)
      },
      claim: { slot, _ in
        try FileManager.default.createDirectory(atPath: folder.file(slot), withIntermediateDirectories: true)
        try onFolder(folder.file(slot))
        return UnitClaim(folder: slot)
      }, check: { _, _ in [] },
      runProgram: { _, _ in
        await onProgram()
        return nil
      })
    services.exchange = exchange
    async let watching: Void = { for await event in stream { await onEvent(event) } }()
    let session = Session(plan: plan, services: services)
    let unit = await session.run(at: address, on: MultiThreadedEventLoopGroup.singleton)
    feed.finish()
    await watching
    let own = folder.file(unit.folder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: own)) ?? []
    let files = names.map { ($0, FileManager.default.contents(atPath: "\(own)/\($0)").map(Array.init) ?? []) }
    return SessionRun(
      unit: unit, files: Dictionary(uniqueKeysWithValues: files), events: kept.withLock { $0 })
  }
}

/// Starts a unit for as long as `body` runs.
func withUnit<Output: Sendable>(
  _ unit: SimulatedUnit, _ body: (RunningUnit) async throws -> Output
) async throws -> Output {
  try await withTemporaryFolder { folder in
    let host = try await SimulatorHost(folder: folder.path)
    do {
      let output = try await body(try await host.start(unit))
      await host.stop()
      return output
    } catch {
      await host.stop()
      throw error
    }
  }
}

/// Does something once, when a third of a region is held.
final class OnceHeld: Sendable {
  private let isDone = Mutex(false)
  private let action: @Sendable () async -> Void

  private let region: String?

  /// - Parameter region: which one; absent: the first.
  init(of region: String? = nil, _ action: @escaping @Sendable () async -> Void) {
    self.region = region
    self.action = action
  }

  func see(_ event: SessionEvent.Kind) async {
    guard case .progress(let name, let held, let size, _) = event, held >= size / 3 else { return }
    guard region == nil || region == name else { return }
    let isFirst = isDone.withLock { done in
      defer { done = true }
      return !done
    }
    if isFirst { await action() }
  }
}
