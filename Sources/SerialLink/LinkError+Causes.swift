import Glibc
import NIOCore
import NIOPosix

// What SwiftNIO and the operating system report, told as link errors.
extension LinkError {
  /// Why an open link broke.
  static func broken(_ address: LinkAddress, _ cause: any Error) -> LinkError {
    switch cause {
    case let known as LinkError: return known
    case let failure as IOError:
      switch failure.errnoCode {
      case EIO, ENXIO, ENODEV, EPIPE, ECONNRESET, ECONNABORTED, EBADF: return hungUp(address)
      case ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, ENETDOWN: return vanished(address)
      case let code: return system(address, "used any longer", code)
      }
    case ChannelError.ioOnClosedChannel, ChannelError.eof, ChannelError.alreadyClosed, ChannelError.outputClosed:
      return hungUp(address)
    default: return LinkError(.system, at: address, "cannot be used any longer: \(cause)")
    }
  }

  /// Why nobody was connected to.
  static func unreachable(_ address: LinkAddress, _ cause: any Error) -> LinkError {
    switch cause {
    case let known as LinkError: return known
    case let failure as NIOConnectionError: return unreachable(address, failure)
    case let failure as IOError: return unreachable(address, failure.errnoCode)
    case ChannelError.connectTimeout: return unreachable(address, ETIMEDOUT)
    case SocketAddressError.unixDomainSocketPathTooLong:
      return LinkError(.unreachable, at: address, "has a path that is too long for a socket: 107 bytes are the limit")
    default: return LinkError(.unreachable, at: address, "cannot be reached: \(cause)")
    }
  }

  private static func unreachable(_ address: LinkAddress, _ failure: NIOConnectionError) -> LinkError {
    guard let first = failure.connectionErrors.first else {
      return LinkError(
        .unreachable, at: address, "cannot be reached: no host of the name \(failure.host) is known; check the name")
    }
    return unreachable(address, first.error)
  }

  private static func unreachable(_ address: LinkAddress, _ code: Int32) -> LinkError {
    switch (address, code) {
    case (.unix, ENOENT), (.unix, ENOTDIR): return absent(address)
    case (.unix(let path), ECONNREFUSED):
      let node = DeviceNode(path: path)
      if let node, !node.isSocket {
        return LinkError(.unreachable, at: address, "is \(node.kindOfFile), not a socket: correct the path")
      }
      return LinkError(
        .unreachable, at: address, "has nobody listening: the program that made it has ended; start it again")
    case (.unix, EACCES), (.unix, EPERM):
      return LinkError(
        .permissionDenied, at: address, "may not be written by this user: its owner must allow it (chmod, chgrp)")
    case (_, ECONNREFUSED):
      return LinkError(
        .unreachable, at: address,
        "refuses connections: nothing listens there; start the console server or check the port"
      )
    case (_, ETIMEDOUT):
      return LinkError(
        .unreachable, at: address, "does not answer within 5 s: check that the host is up and no firewall is between")
    default:
      return LinkError(.unreachable, at: address, "cannot be reached: \(text(code)); check the network")
    }
  }

  private static func vanished(_ address: LinkAddress) -> LinkError {
    LinkError(.hungUp, at: address, "hung up: the other end has not answered for seconds; check its power and network")
  }
}
