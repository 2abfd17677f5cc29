import TestSupport
import Testing

@testable import DeviceSimulator

@Suite("Faults of memory and digests")
struct MemoryFaultTests {
  static func unit(_ plan: FaultPlan?) -> SimulatedUnit {
    var unit = SimulatedUnit.uBoot { $0.commands.formUnion([.md5sum, .sha1sum]) }
    unit.faults = plan
    return unit
  }

  static func digest(_ device: DrivenDevice, _ command: String) throws -> String {
    let answer = String(decoding: device.type("\(command)\r").bytes, as: UTF8.self)
    return String(try #require(answer.firstMatch(of: /==> ([0-9a-f]+)\r\n/)?.1))
  }

  /// The bytes that `md.b` shows.
  static func bytes(_ device: DrivenDevice, _ address: UInt64, _ count: Int) -> [UInt8] {
    let command = "md.b \(String(address, radix: 16)) \(String(count, radix: 16))\r"
    return String(decoding: device.type(command).bytes, as: UTF8.self).split(separator: "\r\n").dropFirst().dropLast()
      .flatMap { line in line.dropFirst(10).prefix(47).split(separator: " ").compactMap { UInt8($0, radix: 16) } }
  }

  @Test(
    "a unit that lies always tells the same lie of a range, in the form of a truth",
    arguments: ["crc32", "md5sum", "sha1sum"])
  func lies(command: String) throws {
    let honest = try DrivenDevice(Self.unit(nil))
    let liar = try DrivenDevice(Self.unit(FaultPlan { $0.lies = FaultOccurrence(rate: 1) }))
    let truths = try ["40000000 100", "40000100 100"].map { try Self.digest(honest, "\(command) \($0)") }
    let first = try ["40000000 100", "40000100 100"].map { try Self.digest(liar, "\(command) \($0)") }
    let second = try ["40000000 100", "40000100 100"].map { try Self.digest(liar, "\(command) \($0)") }
    #expect(first == second)
    #expect(first[0] != first[1])
    #expect(zip(truths, first).allSatisfy { $0 != $1 && $0.count == $1.count })
    #expect(liar.device.counters.faults.lies == 4)
    #expect(honest.device.counters.faults.lies == 0)
  }

  @Test("a unit that lies at times lies as often as it counts")
  func lieRate() throws {
    func answers() throws -> ([String], Int) {
      let device = try DrivenDevice(Self.unit(FaultPlan { $0.lies = FaultOccurrence(rate: 0.3) }))
      let answers = try (0..<200).map { _ in try Self.digest(device, "crc32 40000000 10") }
      return (answers, device.device.counters.faults.lies)
    }
    let truth = try Self.digest(try DrivenDevice(Self.unit(nil)), "crc32 40000000 10")
    let (told, count) = try answers()
    #expect(told.count { $0 != truth } == count)
    #expect((35...90).contains(count))
    #expect(try answers().0 == told)
  }

  @Test("a lie at one place comes with that digest")
  func lieAfter() throws {
    let device = try DrivenDevice(Self.unit(FaultPlan { $0.lies = FaultOccurrence(after: 3) }))
    let answers = try (0..<5).map { _ in try Self.digest(device, "crc32 40000000 10") }
    #expect(answers.map { $0 != answers[0] } == [false, false, true, false, false])
  }

  @Test("a digest that lies over many bytes is right over few, and only of the kinds that do")
  func longLies() throws {
    let honest = try DrivenDevice(Self.unit(nil))
    let liar = try DrivenDevice(Self.unit(FaultPlan { $0.digests = DigestFaults(lieAbove: 64, algorithms: ["md5"]) }))
    let commands = [("md5sum 40000000 40", true), ("md5sum 40000000 41", false), ("crc32 40000000 41", true)]
    for (command, isRight) in commands {
      let told = try Self.digest(liar, command)
      #expect(try (told == Self.digest(honest, command)) == isRight, "\(command)")
      #expect(try Self.digest(liar, command) == told)
    }
    #expect(liar.device.counters.faults.lies == 2)
  }

  @Test("a digest that resets the unit over many bytes does so without a word, when those spared are used up")
  func digestResets() throws {
    var faults = DigestFaults(resetAbove: 256)
    faults.spared = 1
    let device = try DrivenDevice(Self.unit(FaultPlan { $0.digests = faults }))
    for count in ["100", "101", "100"] { _ = try Self.digest(device, "crc32 40000000 \(count)") }
    let answer = String(decoding: device.type("crc32 40000000 101;crc32 40000000 10\r").bytes, as: UTF8.self)
    #expect(!answer.contains("==>") && answer.contains("U-Boot 2023.01"), "\(answer)")
    #expect(device.device.counters.faults.digestResets == 1 && device.device.counters.starts == 2)
  }

  @Test("a slow digest takes so long for each byte, and what is typed meanwhile waits")
  func slowDigests() throws {
    let device = try DrivenDevice(Self.unit(FaultPlan { $0.digests = DigestFaults(microsecondsPerByte: 500) }))
    let before = device.now
    device.device.send("crc32 40000000 1000\rversion\r".utf8)
    let answer = String(decoding: device.settle().bytes, as: UTF8.self)
    #expect((2_048_000_000...2_100_000_000).contains(device.now - before), "\(device.now - before)")
    #expect(answer.firstRange(of: "==>").map { answer[$0.upperBound...].contains("U-Boot 2023.01") } == true)
    #expect(device.device.counters.faults.slowDigests == 1)
  }

  @Test("an unstable cell reads differently each time, and holds what it held")
  func unstableCell() throws {
    let plan = FaultPlan { $0.unstableCells = UnstableCells(addresses: [0x4000_0013], probability: 1) }
    let device = try DrivenDevice(Self.unit(plan))
    let truth = seededBytes(count: 64, seed: 7)
    var seen: [UInt8] = []
    for _ in 0..<3 {
      let bytes = Self.bytes(device, 0x4000_0000, 64)
      #expect(zip(bytes, truth).enumerated().filter { $1.0 != $1.1 }.map(\.offset) == [0x13])
      seen.append(bytes[0x13])
    }
    #expect(zip(seen, seen.dropFirst()).allSatisfy { $0 != $1 })
    #expect(device.device.counters.faults.unstableReads == 3)
    #expect(device.device.storage.memory.bytes(at: 0x4000_0000, count: 64) == truth)
    let digests = try (0..<2).map { _ in try Self.digest(device, "crc32 40000000 40") }
    let honest = try Self.digest(try DrivenDevice(Self.unit(nil)), "crc32 40000000 40")
    #expect(digests[0] != digests[1])
    #expect(!digests.contains(honest))
    #expect(device.device.counters.faults.unstableReads == 5)
    // Next to it all is well.
    #expect(Self.bytes(device, 0x4000_0014, 16) == Array(truth[0x14..<0x24]))
    #expect(device.device.counters.faults.unstableReads == 5)
  }

  @Test("cells that follow from the seed lie where they are wanted and change at their rate")
  func drawnCells() throws {
    let range = MemoryRange(address: 0x4000_0400, size: 0x400)
    let plan = FaultPlan {
      $0.unstableCells = UnstableCells(addresses: [0x4000_0000], count: 200, within: range, probability: 0.5)
    }
    let device = try DrivenDevice(Self.unit(plan))
    let cells = device.device.unstableCells
    #expect(cells.count == 201)
    #expect(cells == Array(Set(cells)).sorted())
    #expect(cells.dropFirst().allSatisfy { range.address <= $0 && $0 < range.end })
    let bytes = Self.bytes(device, 0x4000_0000, 0x800)
    let wrong = zip(bytes, seededBytes(count: 0x800, seed: 7)).enumerated().filter { $1.0 != $1.1 }.map(\.offset)
    #expect(wrong.count == device.device.counters.faults.unstableReads)
    #expect((60...140).contains(wrong.count))
    #expect(Set(wrong.map { 0x4000_0000 + UInt64($0) }).isSubset(of: cells))
    #expect(try DrivenDevice(Self.unit(plan)).device.unstableCells == cells)
  }

  @Test("a count beyond the memory makes all of it unstable")
  func allCells() throws {
    let plan = FaultPlan {
      $0.unstableCells = UnstableCells(count: 100, within: MemoryRange(address: 0x4000_0000, size: 16))
    }
    #expect(try DrivenDevice(Self.unit(plan)).device.unstableCells == Array(0x4000_0000..<0x4000_0010))
  }

  @Test("a camera's cells are unstable too")
  func camera() throws {
    var unit = SimulatedUnit.w90([1, 2, 3, 4])
    unit.faults = FaultPlan { $0.unstableCells = UnstableCells(addresses: [0x7F00_0001], probability: 1) }
    let device = try DrivenDevice(unit)
    let first = device.type("d -b 0x7F000000\r")
    #expect(!String(decoding: first.bytes, as: UTF8.self).contains("[7F000000] 01 02 03 04"))
    #expect(device.type("d -b 0x7F000000\r") != first)
    #expect(device.device.counters.faults.unstableReads == 2)
  }
}
