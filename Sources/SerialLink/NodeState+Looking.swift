import Glibc

extension NodeState {
  /// The state of a node.
  public static func of(path: String) -> NodeState { of(paths: [path])[0] }

  /// The states of several nodes, in the same order. Costs hardly more than one: /proc is gone through once, which
  /// takes some milliseconds.
  public static func of(paths: [String]) -> [NodeState] {
    let nodes = paths.map { DeviceNode(path: $0) }
    let open = OpenDevices(among: nodes.compactMap { $0 })
    let locks = ProcText.read("/proc/locks") ?? ""
    let suspects = open.hidden.map { DeviceHolder(pid: $0) }.filter(\.takesAdapters)
    return zip(paths, nodes).map { path, node in
      guard let node else { return NodeState(missingAt: path) }
      let lockers = DeviceHolder.lockers(of: node, in: locks)
      let pids = Set(lockers + open.openers(of: node)).sorted()
      let holders =
        pids.isEmpty ? [DeviceHolder.lockFileOwner(ofNode: path)].compactMap { $0 } : pids.map { DeviceHolder(pid: $0) }
      // By the real user: nobody starts this program under another one's rights.
      let access = Glibc.access(path, R_OK | W_OK) == 0 ? nil : NodeAccess(node)
      var state = NodeState(node, at: path, refusedBy: access, holders: holders)
      if holders.isEmpty { state.suspects = suspects }
      return state
    }
  }

  private init(missingAt path: String) {
    self.init(.missing, problem: LinkError.absent(.tty(path: path)).message)
  }

  /// The state that facts amount to. `refusedBy` is set where this user may not open the node.
  init(_ node: DeviceNode, at path: String, refusedBy access: NodeAccess?, holders: [DeviceHolder]) {
    if !node.isCharacterDevice {
      self.init(.notATTY, problem: LinkError.notATTY(.tty(path: path), found: node.kindOfFile).message)
    } else if let access {
      self.init(.noAccess, problem: access.refusal, holders: holders)
    } else if !holders.isEmpty {
      self.init(.held, problem: "held by \(LinkError.holding(holders))", holders: holders)
    } else {
      self.init(.free)
    }
  }
}
