import Foundation

/// Tells the service manager how a service fares, by systemd's notification protocol; source: sd_notify(3).
///
/// Where the process was not started by a service manager that wants to hear, every call does nothing. A message that
/// cannot be delivered is dropped: no dump may fail because nobody listens.
public struct ServiceNotifier: Sendable {
  /// Most bytes of a status text. systemd takes 4 KiB for a whole message.
  static let longestStatus = 512

  private let socket: NotificationSocket?

  /// How often ``watchdog()`` shall be called: half of the time after which the service manager would end this process;
  /// absent where it does not watch this process.
  public let watchdogInterval: Duration?

  /// Whether somebody wants to hear.
  var isListenedTo: Bool { socket != nil }

  /// Reads `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID` from an environment.
  ///
  /// Sockets of other families than unix, such as `vsock:`, are not spoken to.
  public init(environment: [String: String]) {
    socket = environment["NOTIFY_SOCKET"].flatMap(NotificationSocket.init(name:))
    watchdogInterval = Self.watchdogInterval(environment)
  }

  /// The service is up, or has taken over its new configuration after ``reloading()``.
  public func ready() { send("READY=1") }

  /// What the service does now, in one line for `systemctl status`. Line ends and other control characters become
  /// blanks; what is longer than 512 bytes is cut.
  public func status(_ text: String) { send("STATUS=\(Self.oneLine(text))") }

  /// The service is about to read its configuration again; ``ready()`` has to follow.
  public func reloading() {
    // Without the time, systemd could take an older READY for the answer to this reload.
    send("RELOADING=1\nMONOTONIC_USEC=\(Self.monotonicMicroseconds)")
  }

  /// The service is about to end.
  public func stopping() { send("STOPPING=1") }

  /// The service is alive; see ``watchdogInterval``.
  public func watchdog() { send("WATCHDOG=1") }

  private func send(_ message: String) { socket?.send(message) }

  private static func watchdogInterval(_ environment: [String: String]) -> Duration? {
    guard let microseconds = environment["WATCHDOG_USEC"].flatMap(Int64.init), microseconds > 0 else { return nil }
    // The variables are inherited: those of a parent are not meant for this process.
    if let pid = environment["WATCHDOG_PID"], Int32(pid) != getpid() { return nil }
    return .microseconds(microseconds) / 2
  }

  private static var monotonicMicroseconds: Int64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
  }

  /// systemd splits messages at line ends, so that a line end in a text would begin a message of its own.
  private static func oneLine(_ text: String) -> String {
    var line = ""
    var bytes = 0
    for scalar in text.unicodeScalars {
      bytes += UTF8.width(scalar)
      if bytes > longestStatus { break }
      line.unicodeScalars.append(isPrintable(scalar) ? scalar : " ")
    }
    return line
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }
}
