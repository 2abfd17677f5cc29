import Glibc

/// A process that has a device open.
public struct DeviceHolder: Sendable, Hashable, CustomStringConvertible {
  /// Its number.
  public var pid: Int
  /// Its name as the kernel knows it: 15 bytes of it.
  public var name: String

  /// As messages name it: `minicom (pid 4242)`.
  public var description: String { "\(name) (pid \(pid))" }

  /// A process by number and name.
  public init(pid: Int, name: String) {
    self.pid = pid
    self.name = name
  }

  /// A process by its number, with the name that the kernel knows it by.
  init(pid: Int) {
    let raw = ProcText.read("/proc/\(pid)/comm") ?? "a process"
    // A process names itself: its name goes to a terminal only without control characters.
    let name = raw.prefix { $0 != "\n" }.unicodeScalars.map {
      $0.properties.generalCategory == .control ? "?" : "\($0)"
    }
    self.init(pid: pid, name: name.joined())
  }

  /// Who holds the device: those that locked it, else those that have it open. Sees what this user may see in /proc.
  static func holding(_ node: DeviceNode) -> [DeviceHolder] {
    let lockers = lockers(of: node, in: ProcText.read("/proc/locks") ?? "")
    return (lockers.isEmpty ? openers(of: node) : lockers).map { DeviceHolder(pid: $0) }
  }

  /// The processes that locked a file, from the text of /proc/locks (proc_locks(5)): lines such as
  /// `2: FLOCK  ADVISORY  WRITE 4242 00:06:531 0 EOF`, with the file as major:minor:inode, the former two in hex.
  static func lockers(of node: DeviceNode, in locks: String) -> [Int] {
    let (major, minor) = (node.fileSystem.major, node.fileSystem.minor)
    let found = locks.split(separator: "\n").compactMap { line -> Int? in
      let words = line.split(separator: " ")
      guard words.count >= 6, words[1] != "->", let pid = Int(words[4]), pid > 0 else { return nil }
      let file = words[5].split(separator: ":")
      guard file.count == 3, UInt64(file[0], radix: 16) == major, UInt64(file[1], radix: 16) == minor else {
        return nil
      }
      return UInt64(file[2]) == node.inode ? pid : nil
    }
    return Set(found).sorted()
  }

  /// The processes that have the device open.
  static func openers(of node: DeviceNode) -> [Int] { OpenDevices(among: [node]).openers(of: node) }

  /// Who left a lock file for the tty: minicom and others write `LCK..ttyUSB0` with their pid (Filesystem Hierarchy
  /// Standard 3.0, /var/lock). A file whose process is gone counts for nothing.
  static func lockFileOwner(ofNode path: String, in folder: String = "/var/lock") -> DeviceHolder? {
    let name = (ProcText.target(ofLink: path) ?? path).split(separator: "/").last ?? ""
    guard let text = ProcText.read("\(folder)/LCK..\(name)") else { return nil }
    guard let word = text.split(whereSeparator: \.isWhitespace).first, let pid = Int32(word), pid > 0 else {
      return nil
    }
    guard kill(pid, 0) == 0 || errno == EPERM else { return nil }
    return DeviceHolder(pid: Int(pid))
  }
}

/// Small reads of what the kernel and other programs leave in the file system.
enum ProcText {
  /// The file's text, or nothing where it cannot be read.
  static func read(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 16 * 1024)
    while bytes.count < 4 << 20 {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count <= 0 { break }
      bytes += piece[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What a symbolic link, such as those in /dev/serial/by-path, says; nothing where the path is none.
  static func target(ofLink path: String) -> String? {
    var text = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &text, text.count)
    return count > 0 ? String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
  }

  /// The names in a folder; none where it cannot be read.
  static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      // In place: a copy of the whole field could reach beyond the end of the entry.
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
      }
      names.append(name)
    }
    return names
  }
}
