import Udev

extension AdapterSpecimen {
  /// The adapter's ports as values.
  package var adapters: [Adapter] {
    let all = controller.devices + hubs + devices
    return ttys.compactMap { tty in
      let path = sysPath(of: tty).dropFirst("/sys".count)
      return Adapter(chain: all.filter { path == $0.path || path.hasPrefix("\($0.path)/") }.reversed().map(\.record))
    }
  }

  /// The same kind in another place, its ttys numbered from `first` on.
  package func plugged(into socket: String, from first: Int) -> AdapterSpecimen {
    var other = self
    other.socket = socket
    var number = first
    for interface in other.interfaces.indices {
      for tty in other.interfaces[interface].ttys.indices {
        other.interfaces[interface].ttys[tty] = "ttyUSB\(number)"
        number += 1
      }
    }
    return other
  }

  /// One port as a value.
  package func adapter(in socket: String, _ number: Int = 0) -> Adapter {
    plugged(into: socket, from: number).adapters[0]
  }
}
