/// What can be done to the line behind a link besides carrying bytes.
protocol LineControl: Sendable {
  /// The speed that was set last, in baud. Does not block.
  var speed: Int { get }
  /// Sends what is pending at the old speed, then sets a new one.
  func setSpeed(_ baud: Int) async throws(LinkError)
  /// Holds the line at its active level for a quarter of a second.
  func sendBreak() async throws(LinkError)
  /// Switches the modem lines that are named.
  func setModemLines(dtr: Bool?, rts: Bool?) async throws(LinkError)
  /// Sends what is pending, if the line still takes it, then lets go. Task cancellation does not stop it.
  func close() async
}
