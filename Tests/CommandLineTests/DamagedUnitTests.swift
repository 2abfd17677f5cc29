import Foundation
import TestSupport
import Testing

@Suite("batchdump resume in a folder that a bad disk has hit", .serialized, .timeLimit(.minutes(2)))
struct DamagedUnitTests {
  @Test("says which unit it leaves alone, and vouches for none of its files")
  func leftAlone() async throws {
    try await TestBench.with { folder, unit in
      try folder.write(TestBench.manifest([unit.path]), to: "m.json")
      #expect(try await Tool.run(["m.json", "--output", "out"], in: folder).status == 0)
      try folder.write("{", to: "out/A1/unit.json")
      try folder.write("rot", to: "out/A1/flash.bin")
      let resumed = try await Tool.run(["resume", "out"], in: folder)
      // All slots are done, and still not all of the folder is well.
      #expect(resumed.status == 3, "\(resumed)")
      #expect((resumed.output + resumed.errors).contains("this unit is left as it is"), "\(resumed)")
      let sums = try await Tool.run(["-c", "cd out && sha256sum -c SHA256SUMS"], in: folder, program: "/bin/sh")
      #expect(sums.status == 1 && sums.output.contains("A1/flash.bin: FAILED"), "\(sums)")
      #expect(try await Tool.run(["verify", "out"], in: folder).status == 1)
    }
  }
}
