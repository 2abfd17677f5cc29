/// How characters are framed on a line, written as `8N1`.
public struct LineFormat: Sendable, Hashable, CustomStringConvertible {
  /// 5 to 8.
  public let dataBits: Int
  /// `N`, `E` or `O`: none, even, odd.
  public let parity: Character
  /// 1 or 2.
  public let stopBits: Int

  /// What nearly all consoles use: `8N1`.
  public static let usual = LineFormat(dataBits: 8, parity: "N", stopBits: 1)

  private init(dataBits: Int, parity: Character, stopBits: Int) {
    self.dataBits = dataBits
    self.parity = parity
    self.stopBits = stopBits
  }

  /// Reads a format such as `7E1`; nil where it is none.
  public init?(_ text: String) {
    let signs = Array(text)
    guard signs.count == 3, let data = Int(String(signs[0])), let stop = Int(String(signs[2])) else { return nil }
    guard (5...8).contains(data), "NEO".contains(signs[1]), (1...2).contains(stop) else { return nil }
    self.init(dataBits: data, parity: signs[1], stopBits: stop)
  }

  /// Bits on the wire for one character, the start bit among them.
  public var bitsPerCharacter: Int { 1 + dataBits + (parity == "N" ? 0 : 1) + stopBits }

  /// As a manifest writes it.
  public var description: String { "\(dataBits)\(parity)\(stopBits)" }
}
