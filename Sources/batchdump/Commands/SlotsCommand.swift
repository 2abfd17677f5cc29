import AdapterList
import ArgumentParser
import Foundation
import Udev

/// `batchdump slots`.
struct SlotsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slots",
    abstract: "Write the slots of a manifest for the adapters that are plugged in; opens none of them.",
    discussion: """
      Slots are numbered in the order of hubs and their ports, or with --guided in the order in which you plug adapters
      in. Only the slots go to standard output, so that `batchdump slots > slots.json` keeps them.
      """)

  @Flag(help: "Ask for one adapter after another to be plugged in; Enter ends.")
  var guided = false

  @Flag(help: "Bind slots to ports of hubs, so that they move with the hub.")
  var hubRelative = false

  @Option(help: "What the names of the slots begin with; a number follows.")
  var prefix = "A"

  func validate() throws {
    let isPlain = prefix.utf8.allSatisfy { byte in
      UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
    guard isPlain else {
      throw ValidationError("--prefix: expected ASCII letters, digits, `-` and `_`, found `\(prefix)`")
    }
  }

  func run() async throws {
    let slots: [WrittenSlot]
    do {
      slots = guided ? try await askedFor() : try pluggedIn()
    } catch let error as UdevError {
      throw Exit.refuse("batchdump: \(error)")
    } catch let error as SlotWriting.Refusal {
      throw Exit.refuse("batchdump: \(error)")
    }
    CommandOutput.say(try WrittenSlot.text(slots))
  }

  private var binding: SlotWriting.Binding { hubRelative ? .hub : .path }

  private func pluggedIn() throws -> [WrittenSlot] {
    let adapters = try Adapters.present()
    guard !adapters.isEmpty else {
      CommandOutput.tell(AdapterTable(AdapterSurvey([]), width: CommandOutput.width).text + "\n")
      throw ExitCode.failure
    }
    return try SlotWriting(binding, known: adapters).slots(prefix: prefix)
  }

  private func askedFor() async throws -> [WrittenSlot] {
    let numbering = try await GuidedSession(prefix: prefix).run()
    guard !numbering.slots.isEmpty else {
      CommandOutput.tell("batchdump: no slot was named\n")
      throw ExitCode.failure
    }
    return try SlotWriting(binding, known: numbering.known).slots(numbering.slots)
  }
}
