import DeviceSimulator
import DumpEngine
import DumpManifest
import DumpReport
import Foundation
import SlotProgress
import TestSupport
import Testing
import Udev

@testable import BatchScheduler

/// A line that is watched for as long as a test needs it. Adapters are what the test says; their nodes are the ttys of
/// simulated units.
struct WatchedLine: Sendable {
  let folder: String
  let directory: SlotDirectory
  private let events = Watched<[SessionEvent]>([])
  private let plugs: AsyncStream<AdapterEvent>.Continuation
  private let plugged: AsyncStream<AdapterEvent>

  init(_ manifest: String, folder: String) throws {
    self.folder = folder
    directory = SlotDirectory(slots: try plan(manifest).slots)
    (plugged, plugs) = AsyncStream<AdapterEvent>.makeStream()
  }

  /// Watches while `body` runs, and stops in order. Returns the last report.
  func run(_ body: @escaping @Sendable (WatchedLine) async throws -> Void) async throws -> Report {
    let batch = BatchResult(
      name: "line", folder: folder, manifest: .init(file: "line.json", digest: String(repeating: "0", count: 64)),
      toolVersion: "test", started: Date())
    let (directory, events, plugged) = (directory, events, plugged)
    return try await withThrowingTaskGroup(of: Report?.self) { group in
      group.addTask {
        await directory.follow(plugged)
        return nil
      }
      group.addTask {
        let watch = LineWatch(batch: batch, directory: directory) { event in events.update { $0.append(event) } }
        return Report(try await watch.run().result)
      }
      do { try await body(self) } catch {
        group.cancelAll()
        // What had happened until then tells what did not.
        Issue.record("the line's life so far:\n\(story)")
        throw error
      }
      group.cancelAll()
      var report: Report?
      for try await found in group { report = found ?? report }
      guard let report else { throw NoReport() }
      return report
    }
  }

  struct NoReport: Error {}

  /// Plugs an adapter into a socket of the bench, such as `1.2`; its node is a unit's tty.
  @discardableResult
  func plug(_ socket: String, node: String, serial: String? = "SAME") -> Adapter {
    let adapter = Self.adapter(socket, node: node, serial: serial)
    plugs.yield(.added(adapter))
    return adapter
  }

  /// Pulls the adapter from a socket; what it was joined to hangs up by itself.
  func pull(_ socket: String) {
    plugs.yield(.removed(Self.adapter(socket, node: "", serial: nil)))
  }

  static func adapter(_ socket: String, node: String, serial: String? = "SAME") -> Adapter {
    var adapter = Adapter(
      sysPath: "/sys/\(socket)", node: node, vendor: "0403", product: "6001",
      path: "pci-0000:00:14.0-usb-0:\(socket):1.0", usbPort: "1-\(socket)")
    adapter.serial = serial
    adapter.driver = "ftdi_sio"
    return adapter
  }

  /// All events of a slot so far.
  func events(of slot: String) -> [SessionEvent.Kind] {
    events.current.value.filter { $0.slot == slot }.map(\.kind)
  }

  /// When events of a slot happened.
  func times(of slot: String, _ isWanted: (SessionEvent.Kind) -> Bool) -> [Date] {
    events.current.value.filter { $0.slot == slot && isWanted($0.kind) }.map(\.time)
  }

  /// All that has happened, a line each.
  private var story: String {
    var log = ProgressLog()
    return events.current.value.flatMap { log.lines(for: $0) }.joined(separator: "\n")
  }

  /// Waits for the `count`th event of a slot that `isWanted` knows. A test limits the time by a trait.
  @discardableResult
  func wait<Found: Sendable>(
    for slot: String, _ count: Int = 1, _ isWanted: (SessionEvent.Kind) -> Found?
  ) async throws -> Found {
    while true {
      let (value, revision) = events.current
      let found = value.filter { $0.slot == slot }.compactMap { isWanted($0.kind) }
      if found.count >= count { return found[count - 1] }
      try Task.checkCancellation()
      await events.changed(since: revision)
    }
  }

  /// Waits until a session with a unit has ended, for the `count`th time.
  func end(of slot: String, _ count: Int = 1) async throws -> UnitResult {
    try await wait(for: slot, count) { if case .ended(let result) = $0 { result } else { nil } }
  }

  /// Waits until more than a part of a region's bytes is held, for the first time.
  func held(_ part: Int, at slot: String, of region: String = "flash") async throws {
    try await wait(for: slot) { kind -> Bool? in
      if case .progress(region, let held, _, _) = kind, held > part { true } else { nil }
    }
  }
}

extension SessionEvent.Kind {
  /// A word for the kinds that make up a slot's life, for comparing orders of events.
  var word: String? {
    switch self {
    case .noAdapter: "no adapter"
    case .connecting: "connecting"
    case .noUnit: "no unit"
    case .identified: "identified"
    case .skipped: "skipped"
    case .verifiedAgain: "same"
    case .regionEnded(let region): region.isVerified ? "verified" : "incomplete"
    case .ended(let result): "ended \(result.standing.rawValue)"
    case .awaitingDeparture: "waiting"
    case .unitLeft: "left"
    default: nil
    }
  }
}

/// A manifest for slots that are bound to sockets of the bench, by path.
func lineManifest(
  _ slots: [(name: String, socket: String)], size: Int = 4096, speed: Int = 3_000_000, policy: String = ""
) -> String {
  let entries = slots.map {
    #"{ "name": "\#($0.name)", "match": { "path": "*-usb-0:\#($0.socket):1.0" } }"#
  }
  return #"""
    { "name": "line", "slots": [\#(entries.joined(separator: ", "))],
      "console": { "dialect": "u-boot", "speed": \#(speed), "timeouts": { "wake": 30, "reply": \#(patientReply) } },
      "identity": [{ "name": "mac", "command": "printenv ethaddr", "pattern": "^ethaddr=([0-9a-f:]{17})$" }],
      "regions": [{ "name": "flash", "file": "flash.bin", "address": \#(Units.flash), "size": \#(size) }],
      "policy": { \#(policy) } }
    """#
}

/// Runs units and a watch over them.
func watching(
  _ units: [SimulatedUnit], _ manifest: String,
  _ body: @escaping @Sendable (WatchedLine, [String: RunningUnit]) async throws -> Void,
  check: (Report, TemporaryFolder, [String: RunningUnit]) throws -> Void = { _, _, _ in }
) async throws {
  try await withUnits(units) { running in
    try await withTemporaryFolder { folder in
      let line = try WatchedLine(manifest, folder: folder.path)
      let report = try await line.run { try await body($0, running) }
      try check(report, folder, running)
    }
  }
}

/// The bytes of a file of a batch.
func image(_ folder: TemporaryFolder, _ name: String) -> [UInt8] {
  FileManager.default.contents(atPath: folder.file(name)).map(Array.init) ?? []
}
