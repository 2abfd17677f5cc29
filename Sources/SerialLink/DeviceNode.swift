import Glibc

/// A device's number, in the two parts that glibc folds into one integer (its sys/sysmacros.h).
struct DeviceNumber: Sendable, Equatable {
  var raw: UInt64

  /// The driver's part.
  var major: UInt64 { raw >> 8 & 0xFFF | raw >> 32 & 0xFFFF_F000 }
  /// The part that tells one driver's devices apart.
  var minor: UInt64 { raw & 0xFF | raw >> 12 & 0xFFFF_FF00 }
}

/// What `stat` tells about a path: which file it is, which device, and who may open it.
struct DeviceNode: Sendable, Equatable {
  /// The file system that the node is in; with ``inode`` it tells which file this is.
  var fileSystem: DeviceNumber
  var inode: UInt64
  /// The device that the node stands for; 0:0 where it is no device.
  var device: DeviceNumber
  var mode: UInt32
  var owner: UInt32
  var group: UInt32

  /// Looks at what is at `path`, through symbolic links. On failure `errno` tells why.
  init?(path: String) {
    var found = stat()
    guard stat(path, &found) == 0 else { return nil }
    fileSystem = DeviceNumber(raw: UInt64(found.st_dev))
    inode = UInt64(found.st_ino)
    device = DeviceNumber(raw: UInt64(found.st_rdev))
    mode = found.st_mode
    owner = found.st_uid
    group = found.st_gid
  }

  var isCharacterDevice: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFCHR) }

  var isSocket: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFSOCK) }

  /// Whether it is a pty's slave (majors 136 to 143: Linux, Documentation/admin-guide/devices.txt).
  var isPseudoTerminal: Bool { isCharacterDevice && (136...143).contains(device.major) }

  /// What kind of file it is, with its article.
  var kindOfFile: String {
    switch mode & UInt32(S_IFMT) {
    case UInt32(S_IFREG): "a regular file"
    case UInt32(S_IFDIR): "a folder"
    case UInt32(S_IFIFO): "a pipe"
    case UInt32(S_IFSOCK): "a socket"
    case UInt32(S_IFBLK): "a block device"
    default: "another kind of device"
    }
  }
}
