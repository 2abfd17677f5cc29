import ArgumentParser
import BatchScheduler
import DumpManifest
import Foundation
import Udev

/// The adapters of this machine, as far as a command needs them.
struct AdapterBench {
  /// Where each slot's console is.
  let directory: SlotDirectory
  /// Absent where nothing is to be followed.
  private let monitor: AdapterMonitor?

  /// Follows all adapters as they come and go. Where no slot is bound by rules no adapter matters, and no udev is
  /// needed; but the manifest of a daemon may get such slots later.
  ///
  /// - Parameter log: takes what a person should know, a line each; must not block.
  init(plan: BatchPlan, isDaemon: Bool = false, log: @escaping @Sendable (String) -> Void) throws {
    let needsAdapters = plan.slots.contains { $0.endpoint.isAdapter }
    let follows = isDaemon || needsAdapters
    // Who needs no adapter needs not know how udev fares.
    let heed: @Sendable (String) -> Void = { if needsAdapters { log($0) } }
    do throws(UdevError) {
      // The monitor first, so that nothing is missed between the two.
      monitor = follows ? try AdapterMonitor(log: heed) : nil
      let present = follows ? try Adapters.present() : []
      directory = SlotDirectory(slots: plan.slots, adapters: present, log: log)
    } catch {
      throw Exit.refuse("batchdump: \(error)")
    }
  }

  /// One adapter, whatever else is plugged.
  init(plan: BatchPlan, only adapter: Adapter) {
    directory = SlotDirectory(slots: plan.slots, adapters: [adapter])
    monitor = nil
  }

  /// Ends the command with 2 where the rules of the manifest called `name` do not tell which adapter is whose.
  func refuseAmbiguities(_ name: String) throws {
    let ambiguities = directory.binding.ambiguities
    guard ambiguities.isEmpty else {
      throw Exit.refuse(ambiguities.map { "\(name): \($0)" }.joined(separator: "\n"))
    }
  }

  /// Keeps the directory up to date until the task is cancelled.
  @Sendable func follow() async {
    if let monitor { await directory.follow(monitor.events) }
  }

  /// The adapter with a node, or a link to it, or ends the command with 2.
  static func adapter(at path: String) throws -> Adapter {
    let present: [Adapter]
    do { present = try Adapters.present() } catch { throw Exit.refuse("batchdump: \(error)") }
    let target = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
    guard let found = present.first(where: { $0.node == target || $0.links.contains(path) }) else {
      let list = present.isEmpty ? "none is plugged in" : "there are \(present.map(\.node).joined(separator: ", "))"
      throw Exit.refuse("batchdump: expected \(path) to be a USB-serial adapter; \(list)")
    }
    return found
  }

  /// The slot that an adapter is for, or ends the command with 2.
  static func slot(of adapter: Adapter, in plan: BatchPlan, _ name: String) throws -> SlotPlan {
    let binding = SlotBinding(slots: plan.slots, adapters: [adapter])
    if let slot = plan.slots.first(where: { binding.adapters[$0.name] != nil }) { return slot }
    guard binding.ambiguities.isEmpty else {
      throw Exit.refuse(binding.ambiguities.map { "\(name): \($0)" }.joined(separator: "\n"))
    }
    throw Exit.refuse(
      "\(name): no slot is for \(adapter.node) (path \(adapter.portPath), \(adapter.vendor):\(adapter.product)"
        + "\(adapter.serial.map { ", serial \($0)" } ?? "")); add one whose `match` rules it meets")
  }
}
