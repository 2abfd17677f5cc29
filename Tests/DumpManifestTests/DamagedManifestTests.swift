import PositionedDocument
import Testing

@testable import DumpManifest

@Suite("However a manifest is damaged, it ends in a plan or in problems")
struct DamagedManifestTests {
  private static let junk = ["0", "-1", "1e300", "\"\"", "\"\\u0000\"", "[]", "{}", "null", "true", "[[0]]"]

  @Test func eachValueReplacedByJunk() throws {
    let text = Array(specimen.utf8)
    let places = values(try Document.parse(text, name: "m").root)
    #expect(places.count > 200)
    var refused = 0
    for (index, place) in places.enumerated() {
      let junk = Self.junk[index % Self.junk.count]
      do throws(ManifestError) {
        _ = try BatchPlan.parse(text[..<place.lowerBound] + Array(junk.utf8) + text[place.upperBound...], name: "m")
      } catch {
        refused += 1
        #expect(error.problems.allSatisfy { !$0.message.isEmpty })
      }
    }
    #expect(refused > places.count / 2)
  }

  @Test func cutAnywhere() {
    let text = Array(specimen.utf8)
    for length in stride(from: 0, to: text.count, by: 7) {
      let error = #expect(throws: ManifestError.self) { try BatchPlan.parse(Array(text[..<length]), name: "m") }
      #expect(error?.problems.count == 1)
    }
  }

  /// The extents of all values in the specimen.
  private func values(_ node: DocumentNode) -> [Range<Int>] {
    let text = Array(specimen.utf8)
    let children = node.members.map(\.1) + node.elements
    return [node.offset..<extent(of: node, in: text)] + children.flatMap(values)
  }

  private func extent(of node: DocumentNode, in text: [UInt8]) -> Int {
    var depth = 0
    var isQuoted = false
    var at = node.offset
    while at < text.count {
      switch text[at] {
      case UInt8(ascii: "\\") where isQuoted: at += 1
      case UInt8(ascii: "\""): isQuoted.toggle()
      case _ where isQuoted: break
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
      let ends = text[at] == UInt8(ascii: ",") || text[at] == UInt8(ascii: "\n") || text[at] == UInt8(ascii: " ")
      if depth < 0 || (depth == 0 && !isQuoted && ends) { return at }
      at += 1
      if depth == 0, !isQuoted, text[at - 1] == UInt8(ascii: "}") || text[at - 1] == UInt8(ascii: "]") { return at }
    }
    return at
  }
}
