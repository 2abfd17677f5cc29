/// A USB-serial adapter's port as udev and sysfs show it: one tty, with all that can tell it from its neighbours.
///
/// A value: it says how things were when it was read. An adapter with four ports is four of these.
public struct Adapter: Sendable, Hashable {
  /// Where the tty is in sysfs; tells it from all other ttys that are there at the same time.
  public var sysPath: String
  /// The device node, such as `/dev/ttyUSB0`. The number may be another after each plugging.
  public var node: String
  /// USB vendor number, four lower-case hex digits.
  public var vendor: String
  /// USB product number, four lower-case hex digits.
  public var product: String
  /// The vendor's name from udev's hardware database; absent where it knows none.
  public var vendorName: String?
  /// The product's name from udev's hardware database; absent where it knows none.
  public var productName: String?
  /// What the adapter itself calls its maker, from its string descriptors.
  public var manufacturer: String?
  /// What the adapter calls itself, from its string descriptors.
  public var model: String?
  /// The serial number from its string descriptors. Many adapters have none, many have all the same.
  public var serial: String?
  /// The driver of the USB interface, such as `ftdi_sio`.
  public var driver: String?
  /// Number of the USB interface, which tells the ports of a FT4232H or CP2105 apart.
  public var interface: Int
  /// Number of the port where one interface has several (the usb-serial drivers' `port_number`).
  public var port: Int?
  /// Which socket it is plugged into, as udev's `ID_PATH` says it: `pci-0000:00:14.0-usb-0:1.2:1.0`. Found in sysfs
  /// where udev's database has nothing.
  public var path: String
  /// Links to the node in `/dev`, sorted; none where no udevd made any.
  public var links: [String]
  /// The hubs between it and the controller, nearest first; the controller's own root hub is the last.
  public var hubs: [Hub]
  /// The socket by bus and port numbers, as the kernel counts them: `1-1.2`.
  public var usbPort: String
  /// Speed on the bus in Mbit/s: 1.5, 12, 480, 5000, …
  public var megabits: Double?
  /// How long the adapter collects characters before it sends them, in milliseconds; FTDI only.
  public var latency: Int?
  /// All udev properties of the tty.
  public var properties: [String: String]
  /// All udev properties of the devices above it, nearest first.
  public var parents: [[String: String]]

  /// A hub on the way to an adapter.
  public struct Hub: Sendable, Hashable {
    /// By bus and port numbers, as the kernel counts them: `1-1`, or `usb1` for a root hub.
    public var name: String
    /// USB vendor number, four lower-case hex digits.
    public var vendor: String
    /// USB product number, four lower-case hex digits.
    public var product: String
    /// Serial number, where the hub has one.
    public var serial: String?
    /// What the hub calls itself.
    public var model: String?
    /// The way from this hub's own ports to the adapter: `2`, or `4.2` where another hub is between.
    public var portBelow: String

    /// A hub by all that is known of it.
    public init(
      name: String, vendor: String, product: String, serial: String? = nil, model: String? = nil, portBelow: String
    ) {
      self.name = name
      self.vendor = vendor
      self.product = product
      self.serial = serial
      self.model = model
      self.portBelow = portBelow
    }
  }

  /// A port of an adapter; what is left out is unknown.
  public init(
    sysPath: String, node: String, vendor: String, product: String, interface: Int = 0, path: String, usbPort: String
  ) {
    self.sysPath = sysPath
    self.node = node
    self.vendor = vendor
    self.product = product
    self.interface = interface
    self.path = path
    self.usbPort = usbPort
    links = []
    hubs = []
    properties = [:]
    parents = []
  }

  /// The socket and the port of the adapter in it, as links in `/dev/serial/by-path` are called:
  /// `pci-0000:00:14.0-usb-0:1.2:1.0-port0`. Source: systemd's rules.d/60-serial.rules.
  public var portPath: String { port.map { "\(path)-port\($0)" } ?? path }
}
