/// Where a unit's files go, and what is to be done with it: the batch's answer when a session knows its unit.
public struct UnitClaim: Sendable {
  /// Folder of the unit's files, made below the batch folder; one path component.
  public var folder: String
  /// What is to be done.
  public var purpose: Purpose
  /// What a person has to know of the claim; absent where it is what anybody would expect.
  public var note: String?

  /// What a session is for.
  public enum Purpose: Sendable {
    /// The unit is new: everything is read.
    case dump
    /// The unit is back before it was done: what is held is proved anew and not read again where the unit can prove it.
    case resume(UnitResult)
    /// The unit is back and done: its digests are compared with the images that are there.
    case verify(UnitResult)
    /// The unit is back and done: nothing is read.
    case skip(UnitResult)
  }

  /// A claim on a folder.
  public init(folder: String, purpose: Purpose = .dump) {
    self.folder = folder
    self.purpose = purpose
  }

  /// Whether a session that ended like this has found out anything about the unit: a comparison that was cut off says
  /// nothing of it.
  public func isWorthRecording(_ result: UnitResult) -> Bool {
    switch purpose {
    case .dump, .resume: true
    case .verify:
      result.failure == nil && !result.interrupted || result.failure?.kind == SessionError.Kind.differs.rawValue
    case .skip: false
    }
  }

  /// What is known of the unit from before.
  var earlier: UnitResult? {
    switch purpose {
    case .dump: nil
    case .resume(let earlier), .verify(let earlier), .skip(let earlier): earlier
    }
  }
}
