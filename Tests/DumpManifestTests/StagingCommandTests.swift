import ConsoleDialect
import Testing

@testable import DumpManifest

@Suite("A staging command tells which piece it copies")
struct StagingCommandTests {
  private func staging(_ command: String, offset: UInt64, piece: Int, block: Int? = nil) throws -> Staging {
    Staging(
      command: try CommandTemplate(command), ram: 0x8000, offset: offset, piece: piece, expect: nil, blockSize: block)
  }

  @Test(
    "of any template",
    arguments: [
      ("sf read {ram} {offset} {size}", nil), ("nand read 0x{ram:08X} 0x{offset:X} {size:d}", nil),
      ("mmc read {ram} {block} {blocks}", 512),
    ] as [(String, Int?)])
  func pieces(command: String, block: Int?) throws {
    let staging = try staging(command, offset: 0x400, piece: 1024, block: block)
    for index in 0..<staging.pieces(of: 10_000) {
      #expect(staging.piece(copiedBy: staging.command(piece: index, of: 10_000), of: 10_000) == index)
    }
  }

  @Test(
    "and none that the region does not have",
    arguments: [
      "sf read 8000 400 400 ", "sf read 8001 400 400", "sf read 8000 0 400", "sf read 8000 500 400",
      "sf read 8000 400 3ff", "sf read 8000 2c00 400", "sf read 8000 2800 400", "sf read 8000 fffffffffffffc00 400",
      "sf probe 0", "",
    ])
  func others(line: String) throws {
    let staging = try staging("sf read {ram} {offset} {size}", offset: 0x400, piece: 1024)
    #expect(staging.piece(copiedBy: line, of: 10_000) == nil)
    #expect(staging.piece(copiedBy: "sf read 8000 2800 310", of: 10_000) == 9)
  }
}
