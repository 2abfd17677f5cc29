import Foundation

/// This project's own program, as users run it.
struct BatchdumpReader: MemoryReader {
  let name = "batchdump"
  let title = "batchdump"

  private static let slot = "board"
  private static let region = "flash"

  func command(for task: ReadingTask) throws -> [String] {
    let program = ExecutableFolder.path(of: "batchdump")
    guard FileManager.default.isExecutableFile(atPath: program) else {
      throw BenchmarkFailure("there is no \(program) to measure: run `make bench`, which builds it")
    }
    var manifest = BatchManifest(name: "peers", slots: [.init(name: Self.slot, tty: task.tty)])
    manifest.console.speed = task.speed
    manifest.regions = [.init(name: Self.region, address: task.address, size: task.size)]
    let path = "\(task.folder)/manifest.json"
    try JSONEncoder().encode(manifest).write(to: URL(filePath: path))
    return [program, "run", path, "--output", folder(of: task)]
  }

  /// The digest that the unit itself has computed over all of the image.
  func verification(of task: ReadingTask) throws -> String {
    let region = try region(of: task)
    guard region.verified, let digest = region.deviceDigest else {
      throw BenchmarkFailure("batchdump has verified nothing, see \(folder(of: task))")
    }
    // Reports name the image by its slot's folder; the comparison looks for it where all readers put theirs.
    try FileManager.default.copyItem(
      atPath: "\(folder(of: task))/\(Self.slot)/\(Self.region).bin", toPath: task.image)
    return "unit's \(digest.algorithm)"
  }

  /// Seconds from the region's start to its end.
  func regionSeconds(of task: ReadingTask) throws -> Double { try region(of: task).seconds }

  private func folder(of task: ReadingTask) -> String { "\(task.folder)/batch" }

  private func region(of task: ReadingTask) throws -> Report.Region {
    let report = try Data(contentsOf: URL(filePath: "\(folder(of: task))/report.json"))
    guard let region = try JSONDecoder().decode(Report.self, from: report).units.first?.regions.first else {
      throw BenchmarkFailure("batchdump's report has no region, see \(folder(of: task))")
    }
    return region
  }

  /// What is wanted of `report.json`.
  private struct Report: Decodable {
    struct Unit: Decodable { var regions: [Region] }
    struct Region: Decodable {
      struct Digest: Decodable { var algorithm: String }

      var verified: Bool
      var deviceDigest: Digest?
      var seconds: Double
    }

    var units: [Unit]
  }
}

/// The folder of this program: builds put all products of the package there.
enum ExecutableFolder {
  static func path(of file: String) -> String {
    URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appending(path: file).path()
  }
}
