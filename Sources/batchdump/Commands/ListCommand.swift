import AdapterList
import ArgumentParser
import DumpManifest
import Foundation
import Udev

/// `batchdump list`.
struct ListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Show the USB-serial adapters that are plugged in, and what keeps them from use; opens none of them.",
    discussion: "With --watch it goes on until ctrl-C, and with --json as well it prints one JSON object a line.")

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Tell of adapters that come and go.")
  var watch = false

  @Option(help: "Show which slots of this manifest they are for.", completion: .file())
  var manifest: String?

  func run() async throws {
    let slots = try loadSlots()
    let monitor: AdapterMonitor?
    let adapters: [Adapter]
    do throws(UdevError) {
      // The monitor first, so that nothing is missed between the two.
      monitor = watch ? try AdapterMonitor(log: { CommandOutput.tell("\($0)\n") }) : nil
      adapters = try Adapters.present()
    } catch {
      throw Exit.refuse("batchdump: \(error)")
    }
    if !(watch && json) { CommandOutput.say(try text(AdapterSurvey(adapters, slots: slots))) }
    guard let monitor else { return }
    let start = AdapterWatch(knowing: json ? [] : adapters, slots: slots)
    try await withTasks([{ await follow(monitor.events, start) }], beside: Interrupts.next)
  }

  private func loadSlots() throws -> [SlotPlan]? {
    guard let manifest else { return nil }
    do throws(ManifestError) { return try BatchPlan.load(path: manifest).slots } catch { throw Exit.refuse(error) }
  }

  private func text(_ survey: AdapterSurvey) throws -> String {
    if json { return try AdapterJSON.text(survey) }
    return AdapterTable(survey, width: CommandOutput.width).text
  }

  private func follow(_ events: AdapterEvents, _ start: AdapterWatch) async {
    var watch = start
    for await event in events {
      guard let told = watch.take(event) else { continue }
      let line = json ? try? AdapterJSON.line(told.event, told.row) : told.event.line(told.row, at: CommandOutput.clock)
      if let line { CommandOutput.say(line) }
    }
  }
}
