/// How a simulated U-Boot is built and set up.
public struct UBootOptions: Decodable, Sendable {
  /// What stands between the words and the ASCII column of a dump line.
  public enum Gutter: String, Decodable, Sendable, CaseIterable {
    /// Two blanks, short last line padded: U-Boot 2021.10 and later.
    case new
    /// Four blanks, short last line not padded: before 2013.04.
    case old
  }
  /// How digest lines begin, and how `cmp` counts: `16 byte(s)`, or `16 bytes` where they are old.
  public enum DigestText: String, Decodable, Sendable, CaseIterable {
    /// `crc32 for`, `sha1 for`: since 2013.04.
    case new
    /// `CRC32 for`, `SHA1 for`: before, and in some later builds.
    case old
  }
  /// Which bytes of a word stand first in memory.
  public enum ByteOrder: String, Decodable, Sendable, CaseIterable {
    case little, big
  }
  /// How the autoboot line counts.
  public enum CountdownStyle: String, Decodable, Sendable, CaseIterable {
    /// The whole line is redrawn behind `ESC [2K CR`: since October 2025.
    case new
    /// The number is overwritten by way of backspaces.
    case old
  }
  /// What a unit does when nobody stopped its autoboot.
  public enum AfterBoot: String, Decodable, Sendable, CaseIterable {
    /// Starts a kernel that prints nothing more.
    case silence
    /// Starts a kernel and asks for a login.
    case login
    /// Finds no kernel and returns to its prompt.
    case prompt
  }

  /// What the console prints when it is ready for a command, its blank at the end included.
  public var prompt: String
  /// The line with which the version is told.
  public var version: String
  /// What `version` prints below that line.
  public var toolchain: [String]
  /// Lines between the version and the autoboot line.
  public var banner: [String]
  /// Seconds of the autoboot countdown; below 0 for a unit that goes to the prompt at once.
  public var bootDelay: Int
  /// How it counts.
  public var countdown: CountdownStyle
  /// What has to be typed to stop autoboot; any key where nil.
  public var stopKey: String?
  /// The text before the count; `%d` is the count in a text of its own, as in `Autoboot in %d seconds`.
  public var countdownText: String
  /// What comes after the countdown.
  public var afterBoot: AfterBoot
  /// Gutter of dump lines.
  public var gutter: Gutter
  /// Bits of the CPU: 32 or 64. With 32 `md.q` prints nothing.
  public var addressWidth: Int
  /// Byte order of the CPU.
  public var byteOrder: ByteOrder
  /// How digest lines begin and how `cmp` counts.
  public var digestText: DigestText
  /// Commands compiled in.
  public var commands: Set<UBootCommand>
  /// Characters that a command line holds; each further one is answered with BEL.
  public var lineBuffer: Int
  /// Rates that `setenv baudrate` accepts.
  public var baudRates: [Int]
  /// The environment at power-on.
  public var environment: [String: String]
  /// A SPI NOR flash that only `sf` reaches.
  public var spiFlash: SPIFlash?
  /// Milliseconds from reset to the first character.
  public var startupDelay: Int

  /// A SPI NOR flash.
  public struct SPIFlash: Decodable, Sendable {
    /// As `sf probe` tells it.
    public var name: String
    /// Bytes.
    public var size: Quantity
    /// What it holds.
    public var content: MemoryContent
    /// What `sf probe` and `sf read` print.
    public var text: DigestText

    /// A flash of `size` bytes.
    public init(name: String, size: Quantity, content: MemoryContent, text: DigestText = .new) {
      self.name = name
      self.size = size
      self.content = content
      self.text = text
    }
  }
}
