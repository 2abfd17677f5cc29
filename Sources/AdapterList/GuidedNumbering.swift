import Udev

/// Gives names to sockets in the order in which a person plugs adapters into them. Pure: events in, notes out.
public struct GuidedNumbering: Sendable {
  /// What was plugged into one socket: an adapter with its ports, each of which is a slot.
  private struct Socket {
    var usbPort: String
    var ports: [Adapter]
    var isUnplugged = false
  }

  private let prefix: String
  /// The adapters that were plugged before it began; they get no names.
  var earlier: [String: Adapter] = [:]
  private var sockets: [Socket] = []

  /// Begins with the first name. `plugged` are the adapters that are there already.
  public init(prefix: String, plugged: [Adapter]) {
    self.prefix = prefix
    for adapter in plugged { earlier[adapter.sysPath] = adapter }
  }

  /// The slots that have been named, in order, each with the adapter's port by which it was.
  public var slots: [(name: String, adapter: Adapter)] {
    sockets.flatMap(\.ports).enumerated().map { (name($0), $1) }
  }

  /// All adapters by which rules must be told apart.
  public var known: [Adapter] { sockets.flatMap(\.ports) + earlier.values }

  /// The name that is next.
  public var next: String { name(sockets.reduce(0) { $0 + $1.ports.count }) }

  /// Takes an event; what it means, as notes to be told.
  public mutating func take(_ event: AdapterEvent) -> [Note] {
    let before = slots
    switch event {
    case .added(let adapter): return add(adapter) + renamings(since: before)
    case .removed(let adapter): return remove(adapter)
    case .changed(let adapter):
      update(adapter)
      return []
    }
  }

  private func name(_ index: Int) -> String { "\(prefix)\(index + 1)" }

  private mutating func add(_ adapter: Adapter) -> [Note] {
    guard earlier[adapter.sysPath] == nil else { return [] }
    if let slot = slots.first(where: { $0.adapter.portPath == adapter.portPath })?.name {
      for index in sockets.indices where sockets[index].usbPort == adapter.usbPort {
        sockets[index].isUnplugged = false
      }
      return [.known(slot: slot, adapter)]
    }
    // The ports of one adapter come one after another, and others' may come between.
    if let index = sockets.lastIndex(where: { $0.usbPort == adapter.usbPort && !$0.isUnplugged }) {
      sockets[index].ports.append(adapter)
      sockets[index].ports.sort(by: Adapter.isInSocketOrder)
    } else {
      sockets.append(Socket(usbPort: adapter.usbPort, ports: [adapter]))
    }
    guard let slot = slots.first(where: { $0.adapter.portPath == adapter.portPath }) else { return [] }
    return [.named(slot: slot.name, adapter)]
  }

  private mutating func remove(_ adapter: Adapter) -> [Note] {
    if earlier.removeValue(forKey: adapter.sysPath) != nil { return [] }
    guard let index = sockets.lastIndex(where: { $0.ports.contains { $0.portPath == adapter.portPath } }) else {
      return []
    }
    // Its ports go one after another; the first tells of all.
    guard !sockets[index].isUnplugged else { return [] }
    let names = slots.filter { $0.adapter.usbPort == adapter.usbPort }.map(\.name)
    guard index == sockets.count - 1 else {
      sockets[index].isUnplugged = true
      return [.kept(slots: names)]
    }
    sockets.removeLast()
    return [.undone(slots: names)]
  }

  private mutating func update(_ adapter: Adapter) {
    if earlier[adapter.sysPath] != nil { earlier[adapter.sysPath] = adapter }
    for socket in sockets.indices {
      for port in sockets[socket].ports.indices where sockets[socket].ports[port].sysPath == adapter.sysPath {
        sockets[socket].ports[port] = adapter
      }
    }
  }

  /// Where a port came late, those after it have other names now, which must not go unnoticed.
  private func renamings(since before: [(name: String, adapter: Adapter)]) -> [Note] {
    let now = slots
    return before.compactMap { old in
      guard let new = now.first(where: { $0.adapter.portPath == old.adapter.portPath }), new.name != old.name else {
        return nil
      }
      return .renamed(from: old.name, to: new.name, new.adapter)
    }
  }
}
