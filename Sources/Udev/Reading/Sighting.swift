import Glibc

/// An adapter as it was seen at one moment.
struct Sighting: Sendable, Hashable {
  var adapter: Adapter
  /// Tells this plugging from those before and after it: the inode of the tty's folder in sysfs, which the kernel makes
  /// anew with every device.
  var incarnation: UInt64
  /// Whether udevd has finished with it, as far as its database tells.
  var isInitialized: Bool
}

extension Sighting {
  /// What is at a place in sysfs now; nothing where there is nothing, or no USB-serial adapter.
  init?(at sysPath: String, _ context: UdevContext) {
    guard let device = context.device(at: sysPath), let chain = DeviceRecord.chain(of: device),
      let adapter = Adapter(chain: chain)
    else { return nil }
    var status = stat()
    // The kernel takes this file away before anything else: without it the device went while it was read, and what was
    // read is not whole.
    guard stat(sysPath, &status) == 0, access("\(sysPath)/uevent", F_OK) == 0 else { return nil }
    self.init(adapter: adapter, incarnation: UInt64(status.st_ino), isInitialized: device.isInitialized)
  }

  /// All that are there, in the order of their nodes' numbers.
  static func all(_ context: UdevContext) throws(UdevError) -> [Sighting] {
    try context.paths(ofSubsystem: "tty").compactMap { Sighting(at: $0, context) }
      .sorted { Adapter.isInNodeOrder($0.adapter, $1.adapter) }
  }
}

extension Adapter {
  /// `ttyUSB2` comes before `ttyUSB10`, and every `ttyACM` before both.
  static func isInNodeOrder(_ first: Adapter, _ second: Adapter) -> Bool {
    nodeKey(first.node) < nodeKey(second.node)
  }

  /// The name, the length of the number and the number: of numbers without leading zeros the longer is the greater.
  private static func nodeKey(_ node: String) -> (String, Int, String) {
    let number = String(node.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())
    return (String(node.dropLast(number.count)), number.count, number)
  }
}
