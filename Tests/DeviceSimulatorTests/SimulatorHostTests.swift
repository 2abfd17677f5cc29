import Foundation
import TestSupport
import Testing

@testable import DeviceSimulator

@Suite("A simulator host")
struct SimulatorHostTests {
  @Test("replaces links that lead nowhere, and nothing else")
  func staleLinks() async throws {
    try await withHost { host in
      try FileManager.default.createSymbolicLink(atPath: "\(host.folder)/a", withDestinationPath: "/dev/pts/99999")
      try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(host.folder)/b"))
      let unit = try await host.start(.uBoot("a"))
      #expect(unit.path == "\(host.folder)/a")
      await #expect(throws: SimulatorError.self) { try await host.start(.uBoot("b")) }
      await #expect(throws: SimulatorError.self) { try await host.start(.uBoot("a")) }
      await #expect(throws: SimulatorError.self) { try await host.start(.uBoot("../c")) }
      await host.stop()
      let left = try FileManager.default.contentsOfDirectory(atPath: host.folder)
      #expect(left == ["b"])
    }
  }

  @Test("a fleet in which one unit cannot be made does not start")
  func wholeFleet() async throws {
    try await withHost { host in
      var broken = SimulatedUnit.uBoot("b")
      broken.memory.append(MemoryArea(address: 0x4000_1000, size: 16, content: .fill(0)))
      let error = await #expect(throws: SimulatorError.self) {
        try await host.start(SimulatedFleet(units: [.uBoot("a"), broken]))
      }
      #expect(
        error?.description
          == "memory areas overlap: 0x40000000+0x4000 reaches 0x40001000; make the areas of a unit disjoint")
      let left = try FileManager.default.contentsOfDirectory(atPath: host.folder)
      #expect(left == [])
    }
  }

  @Test("a folder that is not there is told")
  func noFolder() async throws {
    let error = await #expect(throws: SimulatorError.self) { try await SimulatorHost(folder: "/nonexistent/x") }
    #expect(error?.description == "/nonexistent/x is not a folder; create it before units are started in it")
  }
}
