import Foundation
import Testing

@testable import PositionedDocument

@Suite("The content of a document tells its format")
struct DocumentFormatTests {
  @Test(arguments: [
    ("{}", DocumentFormat.json), (" \n[1]", .json), ("\u{FEFF}{}", .json),
    (propertyList("<true/>"), .xmlPropertyList),
    ("<plist><true/></plist>", .xmlPropertyList),
    ("<!-- c --><plist><true/></plist>", .xmlPropertyList),
    (
      "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
        + "<plist><true/></plist>", .xmlPropertyList
    ),
  ])
  func recognised(text: String, format: DocumentFormat) throws {
    #expect(try read(text).format == format)
  }

  @Test(arguments: [
    ("", "m.json:1:1: the file is empty; expected JSON or a property list"),
    (" \n\t", "m.json:1:1: the file is empty; expected JSON or a property list"),
    (
      "---\nname: x\n",
      "m.json:1:1: this looks like YAML, which is not read; write JSON or a property list (XML or binary)"
    ),
    (
      "# fleet\n\nname: x\nslots:\n  - a\n",
      "m.json:1:1: this looks like YAML, which is not read; write JSON or a property list (XML or binary)"
    ),
    (
      "{ name = fleet; }",
      "m.json:1:1: this looks like an OpenStep property list, which is not read; "
        + "write JSON or a property list (XML or binary)"
    ),
    (
      "(a, b)",
      "m.json:1:1: this looks like an OpenStep property list, which is not read; "
        + "write JSON or a property list (XML or binary)"
    ),
    ("// hi\n{}", "m.json:1:1: comments are not JSON; write JSON or a property list (XML or binary)"),
    (
      "hello",
      "m.json:1:1: this is neither JSON nor a property list; write JSON or a property list (XML or binary)"
    ),
    ("<html>", "m.json:1:1: this is markup but no property list; expected `<?xml` or `<plist`"),
    ("bplist16abc", "m.json: binary property list of version \"16\"; only 00 is read"),
  ])
  func refused(text: String, message: String) {
    #expect(complaints(reading: text) == message)
  }

  @Test(arguments: [
    (
      Array("{\"a\": \"".utf8) + [0xFF, 0x22, 0x7D], "x:1:8: byte 0xFF at offset 7 is not UTF-8; save the file as UTF-8"
    ),
    (Array("{\n\"ä\": \"".utf8) + [0xE4], "x:2:7: byte 0xE4 at offset 9 is not UTF-8; save the file as UTF-8"),
    ([0xFF, 0xFE, 0x7B, 0x00], "x:1:1: this is UTF-16 text; save it as UTF-8"),
  ])
  func encodings(bytes: [UInt8], message: String) {
    let error = #expect(throws: DocumentError.self) { try Document.parse(bytes, name: "x") }
    #expect(error?.description == message)
  }
}

@Suite("A document's file is read only as far as the limits allow")
struct DocumentFileTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("documents-\(UUID().uuidString)")

  private func withFolder<R>(_ body: () throws -> R) throws -> R {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body()
  }

  @Test func aFile() throws {
    try withFolder {
      let path = folder.appendingPathComponent("a").path
      try Data("[1]".utf8).write(to: URL(fileURLWithPath: path))
      let document = try Document.load(path: path)
      #expect(document.name == path)
      #expect(try document.decode([Int].self) == [1])
    }
  }

  @Test func hugeFilesAreRefusedByTheirSize() throws {
    try withFolder {
      let path = folder.appendingPathComponent("huge").path
      #expect(FileManager.default.createFile(atPath: path, contents: nil))
      let handle = try #require(FileHandle(forWritingAtPath: path))
      try handle.truncate(atOffset: 100 << 20)
      try handle.close()
      let error = #expect(throws: DocumentError.self) { try Document.load(path: path) }
      #expect(error?.description == "\(path): the file has 104857600 bytes; at most 4194304 are read")
    }
  }

  @Test(arguments: [
    ("/nonexistent/manifest", "/nonexistent/manifest: there is no such file"),
    ("/", "/: this is a folder; expected a file"),
    ("/dev/zero", "/dev/zero: the file is too large; at most 4194304 are read"),
  ])
  func unreadable(path: String, message: String) {
    let error = #expect(throws: DocumentError.self) { try Document.load(path: path) }
    #expect(error?.description == message)
  }

  @Test func bytesAreLimitedToo() {
    let error = #expect(throws: DocumentError.self) { try read("[1, 2, 3]", limits: DocumentLimits(bytes: 8)) }
    #expect(error?.description == "m.json: the file has 9 bytes; at most 8 are read")
  }
}
