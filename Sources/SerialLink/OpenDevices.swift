/// One look at who has which devices open. Sees what this user may see in /proc; with root that is everything.
struct OpenDevices: Sendable {
  /// A device in the one of several file systems that may have such a number: containers have ptys of equal numbers.
  private struct Key: Hashable {
    var fileSystem: UInt64
    var device: UInt64

    init(_ node: DeviceNode) {
      fileSystem = node.fileSystem.raw
      device = node.device.raw
    }
  }

  private var openersByDevice: [Key: [Int]] = [:]
  /// The processes whose open files this user may not see, in order of their numbers.
  private(set) var hidden: [Int] = []

  /// Looks for all `nodes` at once: a bench has dozens of ttys, and /proc thousands of files.
  init(among nodes: [DeviceNode]) {
    let wanted = Set(nodes.map { Key($0) })
    for pid in ProcText.names(in: "/proc").compactMap({ Int($0) }).sorted() {
      let folder = "/proc/\(pid)/fd"
      let entries = ProcText.names(in: folder)
      // Even of a process that has no file open, `.` and `..` are there.
      if entries.isEmpty { hidden.append(pid) }
      let found = entries.compactMap { DeviceNode(path: "\(folder)/\($0)") }.filter(\.isCharacterDevice)
      for key in Set(found.map { Key($0) }).intersection(wanted) { openersByDevice[key, default: []].append(pid) }
    }
  }

  /// The processes that have the device open, in order of their numbers.
  func openers(of node: DeviceNode) -> [Int] { openersByDevice[Key(node)] ?? [] }
}
