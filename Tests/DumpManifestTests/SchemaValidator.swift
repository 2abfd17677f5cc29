import Foundation
import PositionedDocument

/// Validates documents by the part of JSON Schema (draft 2020-12) that our schemas use. A keyword that it does not know
/// is a violation, so that none is passed over in silence.
struct SchemaValidator {
  /// The schemas by file name.
  let schemas: [String: DocumentNode]

  init() throws {
    schemas = [
      "manifest.schema.json": try Manifests.document("manifest.schema.json").root,
      "dialect.schema.json": try Manifests.document("dialect.schema.json").root,
    ]
  }

  /// A schema within a file.
  struct Place {
    var file: String
    var node: DocumentNode
  }

  func place(_ file: String) -> Place { Place(file: file, node: schemas[file]!) }

  /// The schema that a `$ref` leads to, or the place itself.
  func resolved(_ place: Place) -> Place {
    guard let reference = place.node["$ref"]?.text else { return place }
    guard let name = reference.split(separator: "/").last, reference.hasPrefix("#/$defs/") else {
      return self.place(reference)
    }
    return Place(file: place.file, node: schemas[place.file]!["$defs"]![String(name)]!)
  }

  /// What is wrong with `node`, each with its path.
  func violations(_ node: DocumentNode, _ place: Place, at path: DocumentPath = .root) -> [String] {
    let target = resolved(place)
    var found: [String] = []
    for (keyword, value) in target.node.members {
      found += violations(node, keyword, value, target, at: path)
    }
    return found
  }

  private func violations(
    _ node: DocumentNode, _ keyword: String, _ value: DocumentNode, _ schema: Place, at path: DocumentPath
  ) -> [String] {
    let refused = { (holds: Bool) in holds ? [] : ["\(path): \(keyword) \(value.value)"] }
    switch keyword {
    case "$schema", "$defs", "title", "description", "patternProperties", "additionalProperties": return []
    case "type": return refused(node.isOf(type: value.text!))
    case "enum": return refused(value.elements.contains { $0.value == node.value })
    case "required": return refused(value.elements.allSatisfy { node[$0.text!] != nil })
    case "minimum": return refused((node.number ?? .infinity) >= value.number!)
    case "maximum": return refused((node.number ?? -.infinity) <= value.number!)
    case "exclusiveMinimum": return refused((node.number ?? .infinity) > value.number!)
    case "minLength": return refused((node.text?.unicodeScalars.count ?? .max) >= Int(value.number!))
    case "maxLength": return refused((node.text?.unicodeScalars.count ?? 0) <= Int(value.number!))
    case "minItems": return refused(node.elements.count >= Int(value.number!))
    case "maxItems": return refused(node.elements.count <= Int(value.number!))
    case "minProperties": return refused(node.members.count >= Int(value.number!))
    case "pattern": return refused(node.text.map { $0.matches(value.text!) } ?? true)
    case "items":
      return node.elements.enumerated().flatMap { index, element in
        violations(element, Place(file: schema.file, node: value), at: path.index(index))
      }
    case "properties": return memberViolations(node, schema, at: path)
    case "oneOf":
      let fitting = value.elements.filter { violations(node, Place(file: schema.file, node: $0), at: path).isEmpty }
      return refused(fitting.count == 1)
    default: return ["\(path): the validator does not know \(keyword)"]
    }
  }

  private func memberViolations(_ node: DocumentNode, _ schema: Place, at path: DocumentPath) -> [String] {
    node.members.flatMap { key, value in
      guard let rule = rule(for: key, in: schema.node) else { return ["\(path): \(key) is not allowed"] }
      return rule.value == .bool(true) ? [] : violations(value, Place(file: schema.file, node: rule), at: path.key(key))
    }
  }

  /// The schema for a key of an object; nil where the key is not allowed.
  func rule(for key: String, in schema: DocumentNode) -> DocumentNode? {
    if let rule = schema["properties"]?[key] { return rule }
    let patterns = schema["patternProperties"]?.members ?? []
    if let rule = patterns.first(where: { key.matches($0.0) }) { return rule.1 }
    return schema["additionalProperties"].flatMap { $0.value == .bool(false) ? nil : $0 }
  }
}

extension DocumentNode {
  subscript(key: String) -> DocumentNode? { members.first { $0.0 == key }?.1 }

  var members: [(String, DocumentNode)] {
    if case .object(let members) = value { members.map { ($0.key, $0.node) } } else { [] }
  }

  var elements: [DocumentNode] { if case .array(let elements) = value { elements } else { [] } }

  var text: String? { if case .string(let text) = value { text } else { nil } }

  var number: Double? {
    switch value {
    case .integer(let number): Double(number)
    case .real(let number): number
    default: nil
    }
  }

  func isOf(type: String) -> Bool {
    switch (type, value) {
    case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool), ("integer", .integer): true
    case ("number", .integer), ("number", .real): true
    default: false
    }
  }
}

extension String {
  /// Whether a regular expression matches anywhere in the text.
  func matches(_ pattern: String) -> Bool { range(of: pattern, options: .regularExpression) != nil }
}
