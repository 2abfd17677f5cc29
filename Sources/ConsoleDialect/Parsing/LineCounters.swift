/// What a dump's lines were like. A line that ends in CR LF or otherwise counts once; empty lines do not count.
public struct LineCounters: Sendable, Hashable {
  /// Dump lines that parsed whole and were held.
  public var wholeLines = 0
  /// Dump lines that were damaged: cells not of the right form or number, something behind them, an address that goes
  /// back or that no other line bears out.
  public var malformed = 0
  /// Dump lines whose characters do not agree with their cells.
  public var gutterMismatches = 0
  /// Places where lines are missing that the console must have sent.
  public var gaps = 0
  /// Lines that are no part of the dump: other text, dump lines of other addresses or behind the end, lines damaged so
  /// early that not even their first cell is one.
  public var foreign = 0
  /// Dump lines with cells that the console could not read.
  public var unreadable = 0

  /// No lines yet.
  public init() {}
}
