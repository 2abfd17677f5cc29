import Foundation
import TestSupport
import Testing

@Suite("A temporary folder")
struct TemporaryFolderTests {
  struct Stop: Error {}

  @Test("goes with all that is in it when its closure ends")
  func removed() async throws {
    let path = try await withTemporaryFolder { folder in
      try Data([1]).write(to: URL(filePath: folder.file("x")))
      #expect(FileManager.default.fileExists(atPath: folder.path + "/x"))
      return folder.path
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("goes when its closure throws, too")
  func removedAfterError() async throws {
    var path = ""
    await #expect(throws: Stop.self) {
      try await withTemporaryFolder { folder in
        path = folder.path
        throw Stop()
      }
    }
    #expect(!path.isEmpty && !FileManager.default.fileExists(atPath: path))
  }
}
