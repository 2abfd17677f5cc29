import Foundation

/// As much of JSON Schema 2020-12 as the report's schema uses. It remembers which definitions met which keys, so that
/// schema and encoder can be compared in both directions.
struct SchemaWalker {
  /// A definition of the schema: the keys that it allows and requires.
  struct Definition {
    var allowed: Set<String>
    var required: Set<String>
  }

  /// Most complaints that are kept: a hostile document may break every rule a million times.
  private static let mostComplaints = 20

  private let definitions: [String: [String: Any]]
  private let root: [String: Any]
  private var patterns: [String: NSRegularExpression] = [:]
  /// What broke the schema, by place.
  private(set) var complaints: [String] = []
  /// Keys met in any object, and in every object, by definition.
  private(set) var met: [String: (any: Set<String>, every: Set<String>)] = [:]

  /// A walker by a schema that was read.
  init(_ schema: [String: Any]) {
    root = schema
    definitions = schema["$defs"] as? [String: [String: Any]] ?? [:]
  }

  /// A walker by a schema that is embedded in the program.
  init(embedded name: String) throws {
    let text = embeddedSchemas.first { $0.name == name }?.text ?? ""
    self.init(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:])
  }

  /// The definitions of objects, by name.
  var objects: [String: Definition] {
    definitions.compactMapValues { definition in
      guard let properties = definition["properties"] as? [String: Any] else { return nil }
      return Definition(allowed: Set(properties.keys), required: Set(definition["required"] as? [String] ?? []))
    }
  }

  /// The texts that a definition, or a property of one, lists.
  func words(_ definition: String, _ property: String? = nil) -> [String] {
    let schema = definitions[definition] ?? [:]
    let properties = schema["properties"] as? [String: [String: Any]]
    return (property.map { properties?[$0] ?? [:] } ?? schema)["enum"] as? [String] ?? []
  }

  /// Holds a document against the schema.
  mutating func walk(_ document: Any) {
    walk(document, against: root, named: "", at: "$")
  }

  private mutating func walk(_ value: Any, against schema: [String: Any], named name: String, at place: String) {
    if let reference = schema["$ref"] as? String {
      let name = String(reference.dropFirst("#/$defs/".count))
      guard let definition = definitions[name] else { return complain(place, "no definition \(reference)") }
      walk(value, against: definition, named: name, at: place)
    }
    for (keyword, rule) in schema { hold(value, against: keyword, rule, at: place) }
    if let object = value as? [String: Any], let properties = schema["properties"] as? [String: [String: Any]] {
      note(Set(object.keys), of: name)
      for (key, member) in object {
        guard let property = properties[key] else {
          complain(place, "has an unknown key \(key)")
          continue
        }
        walk(member, against: property, named: "", at: "\(place).\(key)")
      }
    }
    if let array = value as? [Any], let items = schema["items"] as? [String: Any] {
      for (index, item) in array.enumerated() { walk(item, against: items, named: "", at: "\(place)[\(index)]") }
    }
  }

  private mutating func hold(_ value: Any, against keyword: String, _ rule: Any, at place: String) {
    switch keyword {
    case "$schema", "$defs", "$ref", "title", "description", "properties", "items": break
    case "type": if !Self.has(value, type: rule as? String) { complain(place, "is no \(rule)") }
    case "const": if value as? NSObject != rule as? NSObject { complain(place, "is not \(rule)") }
    case "enum":
      let words = rule as? [NSObject] ?? []
      if !words.contains(where: { $0 == value as? NSObject }) {
        complain(place, "is none of \(words.map { "\($0)" }.joined(separator: ", "))")
      }
    case "pattern":
      if !matches(value as? String, rule as? String ?? "") { complain(place, "does not match \(rule): \(value)") }
    case "minimum":
      if (value as? NSNumber)?.doubleValue ?? -.infinity < (rule as? NSNumber)?.doubleValue ?? .infinity {
        complain(place, "is below \(rule)")
      }
    case "required":
      let missing = Set(rule as? [String] ?? []).subtracting((value as? [String: Any] ?? [:]).keys)
      if !missing.isEmpty { complain(place, "lacks \(missing.sorted().joined(separator: ", "))") }
    case "additionalProperties": if rule as? Bool != false { complain(place, "the schema must allow no unknown keys") }
    default: complain(place, "the walker does not know the keyword \(keyword)")
    }
  }

  private mutating func matches(_ text: String?, _ pattern: String) -> Bool {
    guard let text else { return false }
    if patterns[pattern] == nil { patterns[pattern] = try? NSRegularExpression(pattern: pattern) }
    let whole = NSRange(text.startIndex..., in: text)
    guard let found = patterns[pattern]?.firstMatch(in: text, range: whole)?.range else { return false }
    // Here `$` would also match before a line feed at the end, which JSON Schema's does not.
    return !pattern.hasSuffix("$") || NSMaxRange(found) == NSMaxRange(whole)
  }

  private mutating func note(_ keys: Set<String>, of name: String) {
    let before = met[name]
    met[name] = (keys.union(before?.any ?? []), keys.intersection(before?.every ?? keys))
  }

  private mutating func complain(_ place: String, _ text: String) {
    if complaints.count < Self.mostComplaints { complaints.append("\(place) \(text)") }
  }

  private static func has(_ value: Any, type: String?) -> Bool {
    switch type {
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "boolean": isBoolean(value)
    case "number": value is NSNumber && !isBoolean(value)
    case "integer":
      (value as? NSNumber).map { $0.doubleValue == $0.doubleValue.rounded() } ?? false && !isBoolean(value)
    default: false
    }
  }

  /// A number that JSON wrote as `true` or `false`: Foundation holds it as a number of C type `char`.
  private static func isBoolean(_ value: Any) -> Bool {
    (value as? NSNumber).map { String(cString: $0.objCType) == "c" } ?? (value is Bool)
  }
}
