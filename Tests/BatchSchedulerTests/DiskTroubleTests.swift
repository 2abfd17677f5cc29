import BatchScheduler
import DeviceSimulator
import DumpEngine
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@Suite("A folder that goes in the middle", .serialized, .timeLimit(.minutes(3)))
struct DiskTroubleTests {
  /// Each row: what is put at the place of the unit's folder, and what the failure says.
  @Test(
    "stops that unit with a clear word, and no other",
    arguments: [("nothing", "No such file or directory"), ("file", "Not a directory")])
  func vanishes(replacement: String, reason: String) async throws {
    let simulated = (1...2).map { Units.uBoot("unit\($0)", mac: "02:00:5e:00:00:0\($0)", seed: UInt64($0)) }
    try await withUnits(simulated) { units in
      try await withTemporaryFolder { folder in
        let (one, two) = (try #require(units["unit1"]), try #require(units["unit2"]))
        let plan = try plan(manifest([("A1", one.path), ("A2", two.path)], size: Units.flashSize))
        let own = folder.file("02-00-5e-00-00-01")
        let isGone = Mutex(false)
        let results = await Batch(plan: plan, folder: folder.path) { event in
          guard event.slot == "A1", case .progress(_, let held, _, _) = event.kind, held > 0 else { return }
          isGone.withLock { gone in
            if gone { return }
            gone = true
            rename(own, own + ".gone")
            if replacement == "file" { _ = FileManager.default.createFile(atPath: own, contents: nil) }
          }
        }.run()
        #expect(results[0].failure?.kind == "disk")
        #expect(results[0].failure?.message.contains(reason) == true, "\(results[0].failure?.message ?? "")")
        #expect(!results[0].isVerified)
        #expect(results[1].isVerified, "\(results[1].failure?.message ?? "")")
        let image = FileManager.default.contents(atPath: folder.file("02-00-5e-00-00-02/flash.bin")).map(Array.init)
        let truth = try #require(two.contents(address: Units.flash, size: Units.flashSize))
        #expect(difference(found: image ?? [], expected: truth) == nil)
      }
    }
  }

  @Test("that takes no evidence any more has no more reported of it than what it took")
  func refusesEvidence() async throws {
    let simulated = [Units.uBoot("unit1", mac: "02:00:5e:00:00:01", seed: 1)]
    try await withUnits(simulated) { units in
      try await withTemporaryFolder { folder in
        let unit = try #require(units["unit1"])
        let text = manifest([("A1", unit.path)], size: Units.flashSize)
        let plan = try plan(text.replacing(#""dialect": "u-boot""#, with: #""dialect": "u-boot", "readLength": 4096"#))
        let evidence = folder.file("02-00-5e-00-00-01/flash.evidence.json")
        let taken = folder.file("taken.evidence.json")
        let isInTheWay = Mutex(false)
        let results = await Batch(plan: plan, folder: folder.path) { event in
          guard case .progress(_, let held, _, _) = event.kind, held > 0 else { return }
          isInTheWay.withLock { done in
            // No file can be renamed over a folder; one may be saved just now, before that is there.
            let isWorthTaking = try? !RegionState.load(evidence).result.blocks.isEmpty
            while !done, isWorthTaking == true, rename(evidence, taken) == 0 { done = mkdir(evidence, 0o755) == 0 }
          }
        }.run()
        #expect(isInTheWay.withLock { $0 })
        #expect(results[0].failure?.kind == "disk", "\(results[0].failure?.message ?? "")")
        let last = try RegionState.load(taken).result
        #expect(!last.blocks.isEmpty)
        #expect(results[0].regions[0].blocks == last.blocks)
      }
    }
  }

  @Test("that takes bytes and fails to sync them has none of them reported; they are read again")
  func refusesSync() async throws {
    try await withUnits([Units.uBoot("unit1")]) { units in
      try await withTemporaryFolder { folder in
        let unit = try #require(units["unit1"])
        let text = manifest([("A1", unit.path)], size: Units.flashSize)
        let plan = try plan(text.replacing(#""dialect": "u-boot""#, with: #""dialect": "u-boot", "readLength": 4096"#))
        let partial = folder.file("02-00-5e-00-00-01/flash.bin.partial")
        let isReplaced = Mutex(false)
        let results = await Batch(plan: plan, folder: folder.path) { event in
          // Nothing that is read is saved before it is known how to read.
          guard case .learned = event.kind else { return }
          isReplaced.withLock { $0 = Self.makeUnsyncable(partial) }
        }.run()
        #expect(isReplaced.withLock { $0 })
        let failure = try #require(results[0].failure)
        #expect(failure.kind == "disk" && failure.message.contains("cannot sync \(partial)"), "\(failure.message)")
        #expect(results[0].regions[0].blocks.isEmpty)
        let evidence = try? RegionState.load(folder.file("02-00-5e-00-00-01/flash.evidence.json"))
        #expect(evidence?.result.blocks.isEmpty != false)
        let again = await Batch(plan: plan, folder: folder.path, earlier: try StoppedBatch(folder: folder).earlier()) {
          _ in
        }.run()
        #expect(again[0].isVerified, "\(again[0].failure?.message ?? "")")
        let image = FileManager.default.contents(atPath: folder.file("02-00-5e-00-00-01/flash.bin")).map(Array.init)
        let truth = try #require(unit.contents(address: Units.flash, size: Units.flashSize))
        #expect(difference(found: image ?? [], expected: truth) == nil)
      }
    }
  }

  /// Makes this process's descriptor of a file one that takes all that is written and cannot be synced (fsync(2),
  /// EINVAL); false where no descriptor has the file open.
  private static func makeUnsyncable(_ path: String) -> Bool {
    let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    for descriptor in open.compactMap({ Int32($0) })
    where (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")) == path {
      let sink = Glibc.open("/dev/null", O_RDWR | O_CLOEXEC)
      defer { close(sink) }
      return dup2(sink, descriptor) == descriptor
    }
    return false
  }
}
