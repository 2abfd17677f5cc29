extension Link {
  /// The speed that was asked for last, in baud; that of the settings where there is no line to set.
  public var speed: Int { wire.control?.speed ?? settings.speed }

  /// Whether there is a line behind it whose speed can be set.
  public var hasLine: Bool { wire.control != nil }

  /// Sends what is pending at the old speed, then sets a new one for both directions.
  ///
  /// - Parameter baud: any speed that the driver makes within 3 %.
  /// - Throws: `unsupported` where there is no line to set, or the driver made another speed (the old one stays);
  ///   `stalled` when pending bytes do not get out (the link goes on at the old speed); `hungUp`.
  public func setSpeed(_ baud: Int) async throws(LinkError) {
    try await lineControl(for: "change its speed").setSpeed(baud)
  }

  /// Holds the line at its active level for 250 ms, which some consoles take for an attention key.
  ///
  /// - Throws: `unsupported` where there is no line; `hungUp`.
  public func sendBreak() async throws(LinkError) {
    try await lineControl(for: "send a break").sendBreak()
  }

  /// Switches DTR and RTS on or off; `nil` leaves a line as it is.
  ///
  /// - Throws: `unsupported` where there are no such lines; `hungUp`.
  public func setModemLines(dtr: Bool?, rts: Bool?) async throws(LinkError) {
    try await lineControl(for: "switch DTR or RTS").setModemLines(dtr: dtr, rts: rts)
  }

  private func lineControl(for what: String) throws(LinkError) -> any LineControl {
    guard let control = wire.control else { throw .noLineControl(address, for: what) }
    return control
  }
}
