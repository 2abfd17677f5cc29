import PositionedDocument

/// All that is wrong with a manifest, with its places: lines and columns in JSON and XML, key paths everywhere.
public typealias ManifestError = DocumentError

extension BatchPlan {
  /// Loads and checks the manifest at `path`. Its relative paths start from its folder.
  ///
  /// - Throws: ``ManifestError`` with all problems that could be found at once, sorted by position.
  public static func load(path: String) throws(ManifestError) -> BatchPlan {
    try BatchPlan(Document.load(path: path), folder: ManifestFolder(ofFileAt: path))
  }

  /// Reads and checks a manifest; messages call it `name`, and its relative paths start from `folder`.
  ///
  /// - Throws: ``ManifestError`` with all problems that could be found at once, sorted by position.
  public static func parse(_ bytes: [UInt8], name: String, folder: String = "") throws(ManifestError) -> BatchPlan {
    try BatchPlan(Document.parse(bytes, name: name), folder: ManifestFolder(folder))
  }

  /// The plan of a manifest that has been read; its relative paths start from the folder of the document's name.
  ///
  /// - Throws: ``ManifestError`` with all problems that could be found at once, sorted by position.
  public init(_ document: Document) throws(ManifestError) {
    try self.init(document, folder: ManifestFolder(ofFileAt: document.name))
  }

  private init(_ document: Document, folder: ManifestFolder) throws(ManifestError) {
    let file = try document.decode(ManifestFile.self)
    let findings = Findings(document)
    let plan = PlanBuilder(file, folder: folder, findings: findings).plan()
    if !findings.problems.isEmpty { throw ManifestError(findings.problems) }
    self = plan
  }
}
