import Foundation
import PositionedDocument
import Testing

@testable import DumpManifest

/// The folder of examples and schemas that comes with batchdump.
enum Manifests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Manifests").standardized.path(percentEncoded: false)

  /// The examples, by file name.
  static let examples = [
    "origin-camera.json", "uboot-spi-nor.json", "uboot-mapped-nor.json", "qemu-virt.json", "fleet.json", "fleet.plist",
    "demo.json",
  ]

  static func document(_ name: String) throws -> Document { try Document.load(path: folder + "/" + name) }

  static func plan(_ name: String) throws -> BatchPlan { try BatchPlan.load(path: folder + "/" + name) }
}

/// A plan of the manifest in `text`, which lies in `folder`.
func plan(_ text: String, folder: String = "") throws -> BatchPlan {
  try BatchPlan.parse(Array(text.utf8), name: "m.json", folder: folder)
}

extension DocumentNode {
  /// What Foundation calls a property list.
  var propertyList: Any {
    switch value {
    case .null, .data, .date: preconditionFailure("no manifest holds this")
    case .bool(let flag): flag
    case .integer(let number): Int(number)
    case .real(let number): number
    case .string(let text): text
    case .array(let elements): elements.map(\.propertyList)
    case .object(let members):
      Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.node.propertyList) })
    }
  }
}
