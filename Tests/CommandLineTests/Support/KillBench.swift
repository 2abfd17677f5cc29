import DeviceDigests
import DeviceSimulator
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import DumpEngine

/// Four simulated units on noisy lines, the last of which computes no digest, and runs over them that are killed at random instants.
struct KillBench {
  /// Bytes of each unit's flash.
  static let size = 32 << 10
  /// One line of a dump in a hundred is hit: it has some 67 characters.
  static let noise = 1.0 / 6700
  static let speed = 921_600
  /// The unit that computes no digest.
  static let withoutDigest = 4

  /// What has happened so far.
  struct Tally: CustomStringConvertible {
    var kills = 0
    var batches = 0
    /// Runs that ended before their kill came.
    var ends = 0
    /// Bytes that maps called finished when a run was killed.
    var claimed = 0
    /// Bytes of these that were read again afterwards.
    var readAgain = 0
    /// Images that were complete at a kill.
    var images = 0

    var description: String {
      "\(kills) kills in \(batches) batches; \(ends) runs ended before theirs; maps claimed \(claimed) bytes and "
        + "SHA256SUMS \(images) images, none wrong; \(readAgain) bytes that a map had were read again"
    }
  }

  let folder: TemporaryFolder
  let units: [RunningUnit]
  /// Runs and kills until there were so many kills and the last batch is done.
  let kills: Int
  private(set) var generator: SplitMix64
  private(set) var tally = Tally()
  /// How long a run takes that nobody kills.
  private var fullRun = 3.0

  static func unit(_ number: Int, seed: UInt64) -> SimulatedUnit {
    var options = UBootOptions()
    options.environment["serial#"] = "KILL-\(number)"
    if number == withoutDigest { options.commands.remove(.crc32) }
    var unit = SimulatedUnit(
      name: "unit\(number)", loader: .uBoot(options), speed: speed,
      memory: [
        MemoryArea(
          address: Quantity(TestBench.flash), size: Quantity(UInt64(size)), content: .bytes(content(number, seed: seed))
        )
      ])
    unit.start = .prompt
    unit.noise = LineNoise(seed: seed &* 31 + UInt64(number), flips: noise / 2, drops: noise / 4, doublings: noise / 4)
    return unit
  }

  /// Flash of which a quarter is erased, in two units the same and in the first almost: so there is much to be had
  /// without being read.
  private static func content(_ number: Int, seed: UInt64) -> [UInt8] {
    var bytes = seededBytes(count: size, seed: number == withoutDigest ? seed + 100 : seed)
    bytes.replaceSubrange(size / 4..<size / 2, with: [UInt8](repeating: 0xFF, count: size / 4))
    if number == 1 { bytes.replaceSubrange(5000..<5004, with: Array("no 1".utf8)) }
    return bytes
  }

  init(folder: TemporaryFolder, units: [RunningUnit], kills: Int, seed: UInt64) {
    self.folder = folder
    self.units = units
    self.kills = kills
    generator = SplitMix64(state: seed)
  }

  /// Runs batches, kills them, goes on with them.
  mutating func run() async throws {
    let manifest = TestBench.manifest(
      units.map(\.path), size: Self.size, speed: Self.speed, policy: #""retries": 20"#,
      identity: #"{ "name": "serial", "command": "printenv serial#", "pattern": "^serial#=(\\S+)$" }"#)
    try folder.write(manifest, to: "m.json")
    while tally.kills < kills {
      tally.batches += 1
      try await runBatch("batch\(tally.batches)")
    }
  }

  /// One batch to its end.
  private mutating func runBatch(_ name: String) async throws {
    var arguments = ["m.json", "--output", name]
    var claims: [String: Claim] = [:]
    while true {
      let isLast = tally.kills == kills
      let delay = isLast ? nil : Double.random(in: 0..<fullRun, using: &generator)
      let started = ContinuousClock.now
      let outcome = try await Tool.run(arguments, in: folder) { process in
        guard let delay else { return }
        // At any instant: whatever the run is doing then, what it leaves has to be true.
        try? await ContinuousClock().sleep(for: .seconds(delay))
        kill(process, SIGKILL)
      }
      try noteReadAgain(in: name, claims)
      let wasKilled = outcome.status == SIGKILL
      claims = try check(name)
      if wasKilled {
        tally.kills += 1
        let isBegun = FileManager.default.fileExists(atPath: folder.file("\(name)/batch.json"))
        if isBegun { arguments = ["resume", name] }
        continue
      }
      tally.ends += isLast ? 0 : 1
      if claims.isEmpty { fullRun = max(1, (ContinuousClock.now - started) / .seconds(1)) }
      #expect(outcome.status == 0, "\(outcome)")
      return try checkEnd(name, outcome)
    }
  }

  // MARK: Checks

  /// Everything that the folder claims has to be so. Returns what the maps call finished.
  private mutating func check(_ name: String) throws -> [String: Claim] {
    var claims: [String: Claim] = [:]
    for (number, unit) in units.enumerated() {
      let own = folder.file("\(name)/KILL-\(number + 1)")
      let truth = try #require(unit.contents(address: TestBench.flash, size: Self.size))
      let complete = FileManager.default.contents(atPath: "\(own)/flash.bin").map(Array.init)
      if let complete { #expect(difference(found: complete, expected: truth) == nil, "\(own)/flash.bin") }
      guard let map = FileManager.default.contents(atPath: "\(own)/flash.map") else { continue }
      let finished = try Mapfile(reading: Array(map)).ranges(.finished)
      let image = complete ?? FileManager.default.contents(atPath: "\(own)/flash.bin.partial").map(Array.init) ?? []
      for range in finished.ranges {
        #expect(range.upperBound <= image.count, "\(own): the map claims more than the file has")
        guard range.upperBound <= image.count else { continue }
        #expect(image[range] == truth[range], "\(own): the map claims \(range), which is not what the unit holds")
        tally.claimed += range.count
      }
      claims["KILL-\(number + 1)"] = Claim(finished: finished, logs: try logs(of: "KILL-\(number + 1)", in: name))
    }
    try checkSums(name)
    return claims
  }

  private mutating func checkSums(_ name: String) throws {
    guard let list = FileManager.default.contents(atPath: folder.file("\(name)/SHA256SUMS")) else { return }
    for line in String(decoding: list, as: UTF8.self).split(separator: "\n") {
      let (digest, path) = (line.prefix(64), line.dropFirst(66))
      let bytes = FileManager.default.contents(atPath: folder.file("\(name)/\(path)")).map(Array.init)
      let found = try #require(bytes.map { HostDigest.hex(.sha256, of: $0) }, "\(path) is listed and not there")
      #expect(found == digest, "\(path) is not what SHA256SUMS says")
      if path.hasSuffix(".bin") { tally.images += 1 }
    }
  }

  private func checkEnd(_ name: String, _ outcome: Tool.Outcome) throws {
    for (number, unit) in units.enumerated() {
      let truth = try #require(unit.contents(address: TestBench.flash, size: Self.size))
      let image = FileManager.default.contents(atPath: folder.file("\(name)/KILL-\(number + 1)/flash.bin"))
      let files = FileManager.default.enumerator(atPath: folder.file(name))?.map { "\($0)" }.sorted() ?? []
      #expect(difference(found: image.map(Array.init) ?? [], expected: truth) == nil, "\(outcome)\n\(files)")
    }
  }

  /// What the transcripts that came since then asked of what the maps had.
  private mutating func noteReadAgain(in name: String, _ claims: [String: Claim]) throws {
    for (unit, claim) in claims {
      for log in try logs(of: unit, in: name).subtracting(claim.logs) {
        let text = FileManager.default.contents(atPath: folder.file("\(name)/\(unit)/\(log)")) ?? Data()
        // Without a digest, samples of 256 bytes show that the unit is the same.
        let most = unit == "KILL-\(Self.withoutDigest)" ? 256 : 64
        let again = DumpCommands(String(decoding: text, as: UTF8.self)).ranges(from: Int(TestBench.flash), over: most)
        tally.readAgain += RangeSet(again).intersection(claim.finished).count
      }
    }
  }

  private func logs(of unit: String, in name: String) throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: folder.file("\(name)/\(unit)")))
      .filter { $0.hasPrefix("console") }
  }

  /// What a unit's folder claimed when a run was killed.
  private struct Claim {
    /// What its map calls finished.
    var finished: RangeSet<Int>
    /// Its transcripts.
    var logs: Set<String>
  }
}

/// The commands in a transcript that print memory.
struct DumpCommands {
  private let text: String

  init(_ text: String) { self.text = text }

  /// What they ask for, as offsets; without those that only try out how the console prints, which ask for `most` bytes
  /// and less.
  func ranges(from base: Int, over most: Int = 64) -> [Range<Int>] {
    text.split(separator: "\n").compactMap { line in
      guard let match = line.wholeMatch(of: /.* > md\.([bwlq]) ([0-9a-f]+) ([0-9a-f]+)/),
        let start = Int(match.2, radix: 16), let count = Int(match.3, radix: 16)
      else { return nil }
      let width = ["b": 1, "w": 2, "l": 4, "q": 8][match.1] ?? 1
      guard count * width > most, start >= base else { return nil }
      return start - base..<start - base + count * width
    }
  }
}
