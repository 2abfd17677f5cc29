import Foundation
import TestSupport
import Testing

@testable import DurableFiles

@Suite("A durable file")
struct DurableFileTests {
  let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  @Test("holds what was written, and leaves no draft", arguments: [0, 1, 4096, 3_000_001])
  func holds(size: Int) throws {
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
    try DurableFile("\(folder.path)/a").write(bytes)
    #expect(try folder.read("a") == bytes)
    #expect(try folder.names == ["a"])
  }

  @Test("replaces what stood there, also a longer draft of a run that was killed")
  func replaces() throws {
    try folder.write(Array("the old, longer text".utf8), to: "a")
    try folder.write(Array("a draft that was left, longer than all".utf8), to: "a.tmp")
    try DurableFile("\(folder.path)/a").write(Array("new".utf8))
    #expect(try folder.read("a") == Array("new".utf8))
    #expect(try folder.names == ["a"])
  }

  @Test("says path, reason and remedy where the folder is missing")
  func missingFolder() {
    let path = "\(folder.path)/none/a"
    let error = #expect(throws: DiskError.self) { try DurableFile(path).write([1]) }
    #expect(
      error?.description
        == "cannot create \(path).tmp: No such file or directory; see whether something else moves or removes files there"
    )
    #expect(error?.code == ENOENT)
  }

  @Test("does not follow a link that stands at its draft's place")
  func linkAtDraft() throws {
    try folder.write(Array("precious".utf8), to: "victim")
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/a.tmp", withDestinationPath: "\(folder.path)/victim")
    let error = #expect(throws: DiskError.self) { try DurableFile("\(folder.path)/a").write([1]) }
    #expect(error?.code == ELOOP)
    #expect(try folder.read("victim") == Array("precious".utf8))
  }

  @Test("leaves the old file and no draft where it cannot be replaced")
  func cannotReplace() throws {
    try folder.write([1], to: "a/inside")
    let error = #expect(throws: DiskError.self) { try DurableFile("\(folder.path)/a").write([2]) }
    #expect(error?.action == "cannot rename \(folder.path)/a.tmp to")
    #expect(try folder.names == ["a"])
    #expect(try folder.read("a/inside") == [1])
  }

  @Test(
    "has an error that tells what to do",
    arguments: [
      (
        "write", ENOSPC,
        "No space left on device; make room there; then `batchdump resume` goes on, and `watch` does by itself"
      ), ("write", EACCES, "Permission denied; choose a folder that you may write with --output"),
      ("write", EIO, "Input/output error; see whether the disk is healthy and still mounted, then run again"),
      ("open", EACCES, "Permission denied; ask whoever owns it to let you use it"),
      ("read", ENOENT, "No such file or directory; see whether the name is right and it is still there"),
      ("make", EEXIST, "File exists; it is somebody else's: move it away, or choose another folder with --output"),
    ])
  func remedies(verb: String, code: Int32, text: String) {
    #expect(DiskError("cannot \(verb)", "/x", code: code).description == "cannot \(verb) /x: \(text)")
  }
}
