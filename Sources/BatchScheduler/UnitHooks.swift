import DumpEngine
import DumpManifest
import DumpReport
import Foundation
import HookRunner

/// Tells the manifest's programs what happens to a unit at a slot: facts in the environment, and the same and more as
/// JSON on standard input.
///
/// A hook is waited for, so that a relay has switched before the next byte is sent; one that fails is told to the
/// person and changes nothing else.
struct UnitHooks: Sendable {
  let plan: SlotPlan
  let context: BatchContext

  /// A unit is known. Units that are done and back are told of as well, with their purpose.
  func unitArrived(_ claim: UnitClaim, _ identity: [IdentityFact]) async {
    guard let program = plan.hooks.unitArrived else { return }
    let facts = identity.map(Report.Fact.init)
    await tell(program, Message(event: "unit-arrived", claim: claim, identity: facts, plan, context))
  }

  /// A session with a unit has ended. One that the user has stopped is neither finished nor failed.
  ///
  /// - Parameter claim: absent where there was no unit, or it could not be known.
  func unitEnded(_ claim: UnitClaim?, _ result: UnitResult) async {
    guard !result.interrupted else { return }
    let isGood = result.meets(plan)
    guard let program = isGood ? plan.hooks.unitFinished : plan.hooks.unitFailed else { return }
    let unit = Report.Unit(result)
    var message = Message(
      event: isGood ? "unit-finished" : "unit-failed", claim: claim, identity: unit.identity, plan, context)
    message.result = unit
    await tell(program, message)
  }

  /// Runs the manifest's reset program. Returns why it failed, nil where it did not.
  func runReset(_ arguments: [String]) async -> String? {
    let environment = ["BATCHDUMP_EVENT": "reset", "BATCHDUMP_SLOT": plan.name]
    let outcome = await HookCommand(
      arguments: arguments, environment: environment, limit: .seconds(plan.hooks.timeLimit)
    ).run()
    return outcome.succeeded ? nil : outcome.description
  }

  private func tell(_ program: [String], _ message: Message) async {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    // Nothing in it can fail to encode: texts, numbers and dates.
    let input = (try? encoder.encode(message)).map(Array.init) ?? []
    let outcome = await HookCommand(
      arguments: program, environment: message.environment, input: input, limit: .seconds(plan.hooks.timeLimit)
    ).run()
    if !outcome.succeeded { context.emit(.trouble("\(message.event): \(outcome)"), at: plan.name) }
  }

  /// What a hook is told.
  private struct Message: Encodable {
    var event: String
    var slot: String
    var purpose: String?
    var folder: String?
    var identity: [Report.Fact]
    var result: Report.Unit?

    init(event: String, claim: UnitClaim?, identity: [Report.Fact], _ plan: SlotPlan, _ context: BatchContext) {
      self.event = event
      slot = plan.name
      purpose = claim?.purpose.word
      folder = claim.map { "\(context.folder)/\($0.folder)" }
      self.identity = identity
    }

    var environment: [String: String] {
      var facts = [
        "BATCHDUMP_EVENT": event, "BATCHDUMP_SLOT": slot, "BATCHDUMP_UNIT": identity.first?.value ?? slot,
      ]
      facts["BATCHDUMP_PURPOSE"] = purpose
      facts["BATCHDUMP_FOLDER"] = folder
      if let result {
        facts["BATCHDUMP_STANDING"] = result.standing.rawValue
        facts["BATCHDUMP_FAILURE"] = result.failure?.message
      }
      return facts.mapValues { $0.replacing("\0", with: "") }
    }
  }
}

extension UnitClaim.Purpose {
  /// As hooks read it.
  fileprivate var word: String {
    switch self {
    case .dump: "dump"
    case .resume: "resume"
    case .verify: "verify"
    case .skip: "skip"
    }
  }
}
