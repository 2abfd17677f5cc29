/// The form of one line of a memory dump.
///
/// A line is: ``before``, address, ``after``, cells, blanks, gutter. A run of blanks in any of these texts stands for
/// one or more blanks or tabs; its length matters only for counting characters in advance. Cells are counted from the
/// left, never guessed from what looks like hex.
public struct LineLayout: Sendable, Equatable {
  /// What the address column holds.
  public enum AddressColumn: String, Sendable, Codable, CaseIterable {
    /// The address asked for.
    case absolute
    /// The distance from the address asked for.
    case offset
    /// There is no such column. A line that is lost then shifts all that follow, so nothing of such a dump is held
    /// until every line has come, and nothing at all once one was damaged.
    case none
  }
  /// In which order a cell prints the bytes of memory.
  public enum CellOrder: String, Sendable, Codable, CaseIterable {
    /// The byte at the lowest address first.
    case memory
    /// The value that the target's processor loads: the order depends on its byte order.
    case value
  }
  /// A prefix to remove before all else (time stamps of a log), absent where there is none.
  public var strip: Pattern?
  /// Text before the address.
  public var before: String
  /// What the address column holds.
  public var address: AddressColumn
  /// Fewest and most digits of an address.
  public var addressDigits: ClosedRange<Int>
  /// How many low bits of the address the column shows, for consoles that print 32 of 64; the others are not compared.
  public var addressBits: Int
  /// Text between the address and the first cell.
  public var after: String
  /// Bytes in a cell, 1, 2, 4 or 8; a cell has twice as many hex digits.
  public var cellBytes: Int
  /// Cells in a full line.
  public var cells: Int
  /// False where leading zeros of a cell are not printed.
  public var padded: Bool
  /// Text before each cell's digits, such as `0x`.
  public var cellPrefix: String
  /// What stands before every ``Group/every``-th cell in place of a blank.
  public var groups: [Group]
  /// The character that stands for each digit of a cell that cannot be read, such as `x` for `xx`; absent where there
  /// is no such thing.
  public var unreadable: String?
  /// Order of the bytes within a cell.
  public var order: CellOrder
  /// The column of characters, absent where there is none.
  public var gutter: Gutter?
  /// What the console may print behind the last line, on the same line, such as ` ok`; absent where nothing comes.
  public var trailer: String?

  /// A separator that stands between groups of cells.
  public struct Group: Sendable, Equatable {
    /// Before cells number `every`, `2 × every`, … counted from 0.
    public var every: Int
    /// Characters that stand there.
    public var text: String
  }

  /// The column that shows each byte as a character, in memory order.
  public struct Gutter: Sendable, Equatable {
    /// Text before the first character, such as `|`.
    public var open: String
    /// Text after the last one.
    public var close: String
    /// First and last byte values that are shown as themselves; all others are shown as ``dot``.
    public var printable: ClosedRange<UInt8>
    /// What stands for all other bytes.
    public var dot: UInt8
    /// Which bits of a byte are looked at before it is shown, for consoles that drop the highest one.
    public var mask: UInt8
    /// After how many characters a blank stands within the column; absent where there is none.
    public var split: Int?
  }

  /// Bytes in a full line.
  public var lineBytes: Int { cellBytes * cells }
}
