import DurableFiles
import Foundation
import TestSupport
import Testing

@testable import DumpReport

@Suite("A batch folder")
struct BatchFolderTests {
  let scratch: ScratchFolder

  init() throws {
    scratch = try ScratchFolder()
  }

  @Test(
    "is named after the manifest and the start in UTC",
    arguments: [
      ("camera-line", "camera-line-20261123T071500Z"), ("../../x y", "x-y-20261123T071500Z"),
      ("..", "unnamed-20261123T071500Z"),
    ])
  func named(batch: String, expected: String) throws {
    let folder = try BatchFolder.make(batch: batch, started: Specimen.start, below: "\(scratch.path)/Reports/2026")
    #expect(folder.path == "\(scratch.path)/Reports/2026/\(expected)")
    #expect(FileManager.default.fileExists(atPath: folder.path))
  }

  @Test("is never one that is there already")
  func neverReused() throws {
    let paths = try (0..<3).map { _ in
      try BatchFolder.make(batch: "b", started: Specimen.start, below: scratch.path).path
    }
    let stem = "\(scratch.path)/b-20261123T071500Z"
    #expect(paths == [stem, "\(stem)-2", "\(stem)-3"])
  }

  @Test("may be at a path that the user names, if it is new or empty")
  func exactPath() throws {
    let path = "\(scratch.path)/new/run"
    #expect(try BatchFolder.make(at: path).path == path)
    #expect(try BatchFolder.make(at: path).path == path)
    try scratch.write([1], to: "new/run/linux.bin")
    let error = #expect(throws: DiskError.self) { try BatchFolder.make(at: path) }
    #expect(
      error?.description
        == "cannot use the folder \(path): expected it to be empty, new or a batch's, found linux.bin in it; "
        + "choose another with --output")
  }

  @Test("cannot be made below a file")
  func belowFile() throws {
    try scratch.write([1], to: "file")
    let error = #expect(throws: DiskError.self) {
      try BatchFolder.make(batch: "b", started: Specimen.start, below: "\(scratch.path)/file")
    }
    #expect(error?.code == ENOTDIR)
    #expect(error?.path == "\(scratch.path)/file")
  }

  @Test("makes each unit's folder once")
  func unitFolders() throws {
    let folder = try BatchFolder.make(at: "\(scratch.path)/run")
    try folder.makeUnitFolder(named: "unit")
    #expect(try scratch.names == ["run"])
    // A run that ended before it wrote the unit's state has left the folder.
    try folder.makeUnitFolder(named: "unit")
    try scratch.write([1], to: "run/unit/unit.json")
    let error = #expect(throws: DiskError.self) { try folder.makeUnitFolder(named: "unit") }
    #expect(error?.code == EEXIST)
  }
}
