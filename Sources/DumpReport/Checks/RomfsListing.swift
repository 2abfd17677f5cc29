/// What is wrong with a romfs.
struct RomfsDamage: Error, Equatable, CustomStringConvertible {
  /// What was expected, what came, and where in the file system.
  var description: String
  /// Whether it is a romfs beyond doubt: the checksum over its first bytes is right.
  var isCertain = true
}

/// One name in a romfs.
struct RomfsEntry: Equatable {
  /// The kinds of entry by the lowest three bits of a header's first word.
  enum Kind: UInt32 {
    case hardLink
    case directory
    case file
    case symbolicLink
    case blockDevice
    case characterDevice
    case socket
    case fifo
  }
  /// Its own name, as the image holds it: not fit for a terminal.
  var name: String
  /// The directory that it is in, as an index of the listing's entries; absent in the root. Whole paths would need
  /// memory by the square of a hostile image's size.
  var parent: Int?
  /// What it is.
  var kind: Kind
  /// Size in bytes.
  var size: Int
}

/// All that a romfs says about itself, found right: its superblock and every file header, reached from the root.
///
/// Words are big endian, structures start on 16-byte bounds, and a checksum is what makes the words that it covers add
/// up to zero. Source: Linux kernel, `Documentation/filesystems/romfs.rst`, and `include/uapi/linux/romfs_fs.h`.
struct RomfsListing: Equatable {
  /// The first eight bytes.
  static let magic = Array("-rom1fs-".utf8)

  /// The volume's name.
  private(set) var volume = ""
  /// Size of the file system in bytes, as its superblock says.
  private(set) var size = 0
  /// File headers found right.
  private(set) var headers = 0
  /// All names but `.` and `..`, folder by folder from the root.
  private(set) var entries: [RomfsEntry] = []

  /// Walks the file system that begins at the start of `bytes`, which may go on behind it.
  init(_ bytes: Span<UInt8>) throws(RomfsDamage) {
    size = try Self.checkedSize(bytes)
    let image = bytes.extracting(0..<size)
    guard let name = RomfsHeader.name(in: image, at: 16) else {
      throw RomfsDamage(description: "the volume's name does not end within the file system")
    }
    volume = String(decoding: name.text, as: UTF8.self)
    try walk(image, from: name.end)
  }

  /// Whether the first bytes are the magic.
  static func hasMagic(_ bytes: Span<UInt8>) -> Bool {
    bytes.count >= magic.count && magic.indices.allSatisfy { bytes[$0] == magic[$0] }
  }

  private static func checkedSize(_ bytes: Span<UInt8>) throws(RomfsDamage) -> Int {
    func doubt(_ text: String) -> RomfsDamage { RomfsDamage(description: text, isCertain: false) }
    guard hasMagic(bytes) else { throw doubt("expected \"-rom1fs-\" there, found something else") }
    guard bytes.count >= 32 else { throw doubt("the image ends within the superblock") }
    let size = Int(RomfsHeader.word(bytes, at: 8))
    guard size >= 32 else { throw doubt("the superblock says \(size) bytes in all, fewer than it has itself") }
    let covered = min(512, size)
    let short = "the superblock says \(size.grouped) bytes, the image holds \(bytes.count.grouped) from there"
    guard covered <= bytes.count else { throw doubt(short) }
    let sum = RomfsHeader.sum(bytes, from: 0, to: covered)
    guard sum == 0 else {
      throw doubt("the checksum over the first \(covered) bytes is wrong: expected the sum 0, found \(sum.hex)")
    }
    guard size <= bytes.count else { throw RomfsDamage(description: short) }
    return size
  }

  /// The path of an entry from the root, as the image holds it: not fit for a terminal.
  func path(of entry: RomfsEntry) -> String {
    var names = [entry.name]
    var parent = entry.parent
    while let index = parent {
      names.append(entries[index].name)
      parent = entries[index].parent
    }
    return names.reversed().joined(separator: "/")
  }

  /// Follows every chain of headers once. Every header is visited at most once, which bounds the work by the image's
  /// size and refuses cycles.
  private mutating func walk(_ image: Span<UInt8>, from root: Int) throws(RomfsDamage) {
    // One directory's list of headers each, from the root downwards.
    var chains: [(start: Int, folder: Int?)] = [(root, nil)]
    var visited: Set<Int> = []
    var links: [(at: Int, to: Int)] = []
    var done = 0
    while done < chains.count {
      let chain = chains[done]
      done += 1
      var position = chain.start
      while position != 0 {
        guard visited.insert(position).inserted else {
          throw RomfsDamage(description: "a directory leads to the file header at \(position.hex) for the second time")
        }
        let header = try RomfsHeader(image, at: position)
        headers += 1
        let entry = try note(header, in: chain.folder, size: image.count)
        if header.kind == .hardLink { links.append((position, header.info)) }
        // The root's own entry `.` is a directory that begins where it stands itself.
        let isItself = header.name == "." && header.info == chain.start
        if header.kind == .directory && !isItself { chains.append((header.info, entry ?? chain.folder)) }
        position = header.next
      }
    }
    for link in links where !visited.contains(link.to) {
      throw RomfsDamage(description: "the link at \(link.at.hex) leads to \(link.to.hex), where no file is")
    }
  }

  /// Lists what a header stands for, unless it is `.` or `..`; returns the entry's index.
  private mutating func note(_ header: RomfsHeader, in folder: Int?, size: Int) throws(RomfsDamage) -> Int? {
    if header.kind == .file || header.kind == .symbolicLink {
      guard header.size <= size - header.end else {
        throw RomfsDamage(
          description:
            "\"\(SafeText(header.name, limit: 60))\" has \(header.size.grouped) bytes from \(header.end.hex), "
            + "but the file system ends at \(size.hex)")
      }
    }
    guard header.name != "." && header.name != ".." else { return nil }
    entries.append(RomfsEntry(name: header.name, parent: folder, kind: header.kind, size: header.size))
    return entries.count - 1
  }
}
