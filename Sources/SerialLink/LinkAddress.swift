/// Where a console is.
public enum LinkAddress: Sendable, Hashable, CustomStringConvertible {
  /// A tty's device node.
  case tty(path: String)
  /// A raw TCP connection.
  case tcp(host: String, port: Int)
  /// A stream socket in the file system.
  case unix(path: String)

  /// As a manifest writes it.
  public var description: String {
    switch self {
    case .tty(let path): path
    case .tcp(let host, let port): "tcp://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }
}

/// How characters are framed on a tty.
public struct LineSettings: Sendable, Hashable {
  /// Parity bit.
  public enum Parity: String, Sendable, CaseIterable {
    case none = "N"
    case even = "E"
    case odd = "O"
  }
  /// Rate in baud; any that the driver can make.
  public var speed: Int
  /// 5 to 8.
  public var dataBits: Int
  /// Parity bit.
  public var parity: Parity
  /// 1 or 2.
  public var stopBits: Int

  /// Settings at `speed` baud, 8N1 unless said otherwise.
  public init(speed: Int, dataBits: Int = 8, parity: Parity = .none, stopBits: Int = 1) {
    self.speed = speed
    self.dataBits = dataBits
    self.parity = parity
    self.stopBits = stopBits
  }

  /// Bits on the wire for one character, the start bit among them.
  public var bitsPerCharacter: Int { 1 + dataBits + (parity == .none ? 0 : 1) + stopBits }
}
