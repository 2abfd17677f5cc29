import ConsoleDialect
import PositionedDocument
import Testing

@testable import DumpManifest

@Suite("The JSON Schemas and the model cannot drift apart")
struct SchemaTests {
  private let validator: SchemaValidator
  private let manifest: SchemaValidator.Place

  init() throws {
    validator = try SchemaValidator()
    manifest = validator.place("manifest.schema.json")
  }

  /// Follows a document's path through the schemas; among alternatives, the one that describes an object.
  private func schema(at path: DocumentPath) throws -> SchemaValidator.Place {
    try path.elements.reduce(manifest) { outer, element in
      let place = validator.resolved(outer)
      let rule =
        switch element {
        case .index: place.node["items"]
        case .key(let key): validator.rule(for: key, in: place.node)
        }
      let inner = validator.resolved(SchemaValidator.Place(file: place.file, node: try #require(rule, "\(path)")))
      guard let alternatives = inner.node["oneOf"], inner.node["type"] == nil else { return inner }
      let objects = alternatives.elements.map { validator.resolved(SchemaValidator.Place(file: inner.file, node: $0)) }
      return objects.first { $0.node["type"]?.text == "object" } ?? inner
    }
  }

  @Test func eachObjectHasTheKeysThatTheModelAsksFor() throws {
    let document = try Document.parse(Array(specimen.utf8), name: "specimen.json")
    let asked = try document.decodeWithKeys(ManifestFile.self).keys.byPath
    var visited: Set<Int> = []
    for (path, keys) in asked {
      let place = try schema(at: path)
      guard let properties = place.node["properties"], place.node["additionalProperties"]?.value == .bool(false) else {
        continue
      }
      visited.insert(place.id)
      if path.elements.last == .key("match") { continue }
      #expect(Set(properties.members.map(\.0)) == Set(keys), "\(path)")
    }
    let all = validator.schemas.keys.sorted().flatMap { file in objects(in: validator.place(file).node, file) }
    #expect(all.count > 25)
    for place in all where !visited.contains(place.id) {
      Issue.record("the specimen does not exercise \(place.file): \(place.node["description"]?.text ?? "?")")
    }
  }

  /// All schemas of objects with fixed keys.
  private func objects(in node: DocumentNode, _ file: String) -> [SchemaValidator.Place] {
    let inner = node.members.flatMap { objects(in: $0.1, file) } + node.elements.flatMap { objects(in: $0, file) }
    let isObject = node["type"]?.text == "object" && node["properties"] != nil
    return (isObject ? [SchemaValidator.Place(file: file, node: node)] : []) + inner
  }

  @Test func enumerationsListTheModelsCases() throws {
    func words<E: CaseIterable & RawRepresentable<String>>(_ type: E.Type) -> Set<String> {
      Set(type.allCases.map(\.rawValue))
    }
    let expected: [Set<String>] = [
      words(DumpPolicy.Verify.self), words(DumpPolicy.Reuse.self), words(DumpPolicy.Verify.self),
      words(DumpPolicy.Reuse.self), words(DumpPolicy.Reuse.self), words(DumpPolicy.Again.self),
      words(DumpPolicy.Again.self),
      words(DumpPolicy.NoAdapter.self), words(DumpPolicy.NoAdapter.self), words(ResetPlan.Moment.self),
      words(BatchPlan.OnFailure.self), words(ByteOrder.self),
      words(ImageCheckRule.Kind.self), words(DigestAlgorithm.self), words(FailureRule.Meaning.self),
      words(ImageFooter.Kind.self), words(LineLayout.AddressColumn.self), words(LineLayout.CellOrder.self),
      ["never"], ["never"], ["\r", "\n", "\r\n"], ["1", "2", "4", "8"],
    ]
    let found = validator.schemas.values.flatMap { enumerations(in: $0) }
    #expect(found.count == expected.count)
    for words in Set(expected) {
      #expect(found.count { $0 == words } == expected.count { $0 == words }, "\(words)")
    }
  }

  private func enumerations(in node: DocumentNode) -> [Set<String>] {
    let inner = node.members.flatMap { enumerations(in: $0.1) } + node.elements.flatMap { enumerations(in: $0) }
    guard let words = node["enum"]?.elements, !words.isEmpty else { return inner }
    return inner + [Set(words.map { $0.text ?? "\(Int($0.number ?? -1))" })]
  }

  @Test func matchRulesAreTheModels() throws {
    let place = try schema(at: DocumentPath.root.key("slots").index(0).key("match"))
    #expect(place.node["properties"]?.members.map(\.0) == EndpointRule.matchKeys)
  }

  @Test func everyKeyIsDescribed() {
    func undescribed(_ node: DocumentNode) -> [String] {
      let bare = (node["properties"]?.members ?? []).filter { $0.1["description"] == nil && $0.1["$ref"] == nil }
      return bare.map(\.0) + node.members.flatMap { undescribed($0.1) } + node.elements.flatMap(undescribed)
    }
    #expect(validator.schemas.values.flatMap(undescribed) == [])
  }

  @Test(arguments: Manifests.examples)
  func examplesAreValid(name: String) throws {
    #expect(try validator.violations(Manifests.document(name).root, manifest) == [])
    #expect(try Manifests.document(name).root["$schema"]?.text == "manifest.schema.json")
  }

  @Test func theSpecimenIsValid() throws {
    let document = try Document.parse(Array(specimen.utf8), name: "specimen.json")
    #expect(validator.violations(document.root, manifest) == [])
  }

  @Test(arguments: Dialect.builtInNames)
  func builtInDialectsAreValid(name: String) throws {
    let path = Manifests.folder + "/../Sources/ConsoleDialect/Dialects/\(name).json"
    #expect(validator.violations(try Document.load(path: path).root, validator.place("dialect.schema.json")) == [])
  }

  @Test(arguments: [
    (#"{"slots": [{"name": "a", "tty": "t"}]}"#, ": required"),
    (#"{"name": "m", "slots": []}"#, "slots: minItems"),
    (#"{"name": "m", "slots": [{"name": "a"}]}"#, "slots[0]: oneOf"),
    (#"{"name": "m", "slots": [{"name": "a", "tty": "t", "link": "unix:s"}]}"#, "slots[0]: oneOf"),
    (#"{"name": "m", "slots": [{"name": "a", "tty": 1}]}"#, "slots[0].tty: type"),
    (#"{"name": "m", "slots": [{"name": "a", "tty": "t"}], "regoins": []}"#, ": regoins is not allowed"),
    (#"{"name": "m", "slots": [{"name": "a", "tty": "t"}], "policy": {"verify": "x"}}"#, "policy.verify: enum"),
    (#"{"name": "a/b", "slots": [{"name": "a", "tty": "t"}]}"#, "name: pattern"),
    (
      #"{"name": "m", "slots": [{"name": "a", "tty": "t"}], "console": {"readLength": "4KB"}}"#,
      "console.readLength: oneOf"
    ),
  ])
  func badManifestsAreInvalid(text: String, violation: String) throws {
    let document = try Document.parse(Array(text.utf8), name: "m.json")
    let violations = validator.violations(document.root, manifest)
    #expect(violations.count == 1)
    #expect(violations.first?.hasPrefix(violation) == true, "\(violations)")
  }
}

extension SchemaValidator.Place {
  /// Tells schemas apart; offsets are unique within a file.
  var id: Int {
    var hasher = Hasher()
    hasher.combine(file)
    hasher.combine(node.offset)
    return hasher.finalize()
  }
}
