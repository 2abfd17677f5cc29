import Glibc
import NIOCore

// Every sentence that a person may read about a link is made here.
extension LinkError {
  static func absent(_ address: LinkAddress) -> LinkError {
    let remedy =
      switch address {
      case .tty:
        "the adapter is unplugged, or has another name now; plug it in, "
          + "or look in /dev/serial/by-path for what is there"
      case .tcp, .unix: "start the program that makes it, or correct the path"
      }
    return LinkError(.notFound, at: address, "is not there: \(remedy)")
  }

  static func deviceGone(_ address: LinkAddress) -> LinkError {
    LinkError(.notFound, at: address, "has no device behind it: the adapter is unplugged; plug it in again")
  }

  static func notATTY(_ address: LinkAddress, found: String) -> LinkError {
    LinkError(
      .notATTY, at: address, "is \(found), not a tty: give the node of a serial adapter, such as /dev/ttyUSB0")
  }

  static func busy(_ address: LinkAddress, holders: [DeviceHolder]) -> LinkError {
    if holders.isEmpty {
      return LinkError(
        .busy, at: address, "is held by a process that this user may not see: find it with sudo fuser -v \(address)")
    }
    return LinkError(.busy, at: address, "is held by \(holding(holders))")
  }

  /// Who holds a tty, and what to do about that.
  static func holding(_ holders: [DeviceHolder]) -> String {
    let names = holders.map(\.description).joined(separator: " and ")
    if let remedy = holders.compactMap(\.remedy).first { return "\(names): \(remedy)" }
    let pronoun = holders.count == 1 ? "it" : "them"
    return "\(names): close \(pronoun), or stop \(pronoun)"
  }

  static func permissionDenied(_ address: LinkAddress, _ access: NodeAccess) -> LinkError {
    LinkError(.permissionDenied, at: address, access.refusal)
  }

  static func hungUp(_ address: LinkAddress) -> LinkError {
    let cause =
      switch address {
      case .tty: "the adapter was pulled, or the other end was closed; plug it in and resume"
      case .tcp, .unix: "the other end closed the connection"
      }
    return LinkError(.hungUp, at: address, "hung up: \(cause)")
  }

  static func closed(_ address: LinkAddress) -> LinkError {
    LinkError(.hungUp, at: address, "was closed at this end: open it again to go on")
  }

  static func stalled(_ address: LinkAddress, after limit: TimeAmount) -> LinkError {
    let milliseconds = limit.nanoseconds / 1_000_000
    let time = milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
    return LinkError(.stalled, at: address, "took nothing for \(time): \(hanging(address))")
  }

  static func undrained(_ address: LinkAddress, pending: Int) -> LinkError {
    LinkError(
      .stalled, at: address, "still holds \(pending) bytes that should have been sent by now: \(hanging(address))")
  }

  private static func hanging(_ address: LinkAddress) -> String {
    if case .tty = address { "the adapter hangs; plug it in again" } else { "the other end hangs; restart it" }
  }

  static func cancelled(_ address: LinkAddress) -> LinkError {
    LinkError(.cancelled, at: address, "was not waited for any longer: the task was cancelled")
  }

  static func secondReader(_ address: LinkAddress) -> LinkError {
    LinkError(.unsupported, at: address, "is already being read by another task: one reader at a time")
  }

  static func noLineControl(_ address: LinkAddress, for what: String) -> LinkError {
    LinkError(
      .unsupported, at: address,
      "is a plain byte stream and cannot \(what): set it at the console server, or use a local tty")
  }

  static func unsupported(_ address: LinkAddress, _ what: String, _ code: Int32) -> LinkError {
    LinkError(.unsupported, at: address, "cannot \(what): the driver answers \(text(code))")
  }

  static func badFraming(_ address: LinkAddress, _ wanted: LineSettings) -> LinkError {
    LinkError(
      .unsupported, at: address,
      "cannot be set to \(wanted.framing): data bits are 5 to 8, stop bits 1 or 2")
  }

  static func badSpeed(_ address: LinkAddress, _ baud: Int) -> LinkError {
    LinkError(.unsupported, at: address, "cannot be set to \(baud) baud: a speed is from 1 to 4294967295")
  }

  static func otherSpeed(_ address: LinkAddress, wanted: Int, got: Int) -> LinkError {
    LinkError(
      .unsupported, at: address,
      "was set to \(wanted) baud and its driver made \(got), over 3 % away: choose a speed that the adapter can make")
  }

  static func otherFraming(_ address: LinkAddress, wanted: LineSettings, got: LineSettings) -> LinkError {
    LinkError(
      .unsupported, at: address,
      "was set to \(wanted.framing) and its driver made \(got.framing): choose a framing that the adapter can make")
  }

  static func foreignLoops(_ address: LinkAddress) -> LinkError {
    LinkError(.unsupported, at: address, "needs an event loop group of SwiftNIO's own, as MultiThreadedEventLoopGroup")
  }

  static func badPort(_ address: LinkAddress) -> LinkError {
    LinkError(.unreachable, at: address, "has a port that does not exist: ports are 1 to 65535")
  }

  static func loopsStopped(_ address: LinkAddress, _ cause: any Error) -> LinkError {
    LinkError(.system, at: address, "cannot be used any longer: the event loops were shut down (\(cause))")
  }

  static func system(_ address: LinkAddress, _ what: String, _ code: Int32) -> LinkError {
    LinkError(.system, at: address, "cannot be \(what): \(text(code))")
  }

  static func text(_ code: Int32) -> String { "\(String(cString: strerror(code))) (errno \(code))" }
}

extension LineSettings {
  /// As technicians write it: 8N1.
  var framing: String { "\(dataBits)\(parity.rawValue)\(stopBits)" }
}
