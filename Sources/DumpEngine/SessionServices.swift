import DumpManifest

/// What a session needs of the batch around it.
public struct SessionServices: Sendable {
  /// Folder of the batch, which exists.
  public var batchFolder: String
  /// Takes each event as it happens; must not block.
  public var emit: @Sendable (SessionEvent) -> Void
  /// Says what is to be done with a unit, and makes its folder; refuses a unit that another slot holds.
  public var claim: @Sendable (_ slot: String, _ identity: [IdentityFact]) async throws -> UnitClaim
  /// Told of a unit that is at its prompt and claimed, before anything of it is read; waited for.
  public var arrived: @Sendable (_ claim: UnitClaim, _ identity: [IdentityFact]) async -> Void = { _, _ in }
  /// Runs the manifest's checks on a complete image.
  public var check: @Sendable (_ rules: [ImageCheckRule], _ path: String) async -> [CheckResult]
  /// Runs a program of the manifest's for a slot to its end. Returns why it failed, nil where it did not.
  public var runProgram: @Sendable (_ program: [String], _ slot: String) async -> String?
  /// What the units of the batch share; absent where each is alone.
  public var exchange: Exchange?
  /// The image that a region of a unit is compared with, nil where there is none.
  public var reference: @Sendable (_ region: RegionPlan, _ identity: [IdentityFact]) async -> KnownImage? = { _, _ in
    nil
  }
  /// Whether a session that never learned which unit it had leaves a folder all the same, called like its slot.
  ///
  /// In a batch each slot is to leave something. On a line, where units come and go, a folder for each thing that says
  /// something and is no unit would fill the disk.
  public var keepsUnidentified = true

  /// All services; without programs where none are given.
  public init(
    batchFolder: String, emit: @escaping @Sendable (SessionEvent) -> Void,
    claim: @escaping @Sendable (String, [IdentityFact]) async throws -> UnitClaim,
    check: @escaping @Sendable ([ImageCheckRule], String) async -> [CheckResult],
    runProgram: @escaping @Sendable ([String], String) async -> String? = { program, _ in
      "`\(program.joined(separator: " "))` was not run: programs are not allowed here"
    }
  ) {
    self.batchFolder = batchFolder
    self.emit = emit
    self.claim = claim
    self.check = check
    self.runProgram = runProgram
  }
}
