import SerialLink
import Udev

/// An adapter's port as it is in JSON. What is absent is left out.
struct AdapterRecord: Encodable {
  struct Hub: Encodable {
    let name, vendor, product: String
    let serial, model: String?
    let portBelow: String
  }

  struct Holder: Encodable {
    let pid: Int
    let name: String
  }

  let node, vendor, product: String
  let vendorName, productName, manufacturer, model, serial, driver: String?
  let interface: Int
  let port: Int?
  let path, usbPort: String
  let links: [String]
  let hubs: [Hub]
  let megabits: Double?
  let latency: Int?
  /// What a `path` rule for the socket says, where that is more than `path`.
  let pathRule: String?
  let state, problem: String?
  let usable: Bool?
  let holders: [Holder]?
  let slots: [String]?

  init(_ row: AdapterRow) {
    let adapter = row.adapter
    (node, vendor, product) = (adapter.node, adapter.vendor, adapter.product)
    (vendorName, productName) = (adapter.vendorName, adapter.productName)
    (manufacturer, model, serial) = (adapter.manufacturer, adapter.model, adapter.serial)
    (driver, interface, port) = (adapter.driver, adapter.interface, adapter.port)
    (path, usbPort, links) = (adapter.path, adapter.usbPort, adapter.links)
    (megabits, latency) = (adapter.megabits, adapter.latency)
    hubs = adapter.hubs.map {
      Hub(
        name: $0.name, vendor: $0.vendor, product: $0.product, serial: $0.serial, model: $0.model,
        portBelow: $0.portBelow)
    }
    pathRule = row.path == adapter.path ? nil : row.path
    state = row.state?.standing.rawValue
    problem = row.state?.problem
    usable = row.state.map { $0.standing == .free }
    holders = row.state.map { $0.holders.map { Holder(pid: $0.pid, name: $0.name) } }
    slots = row.slots
  }
}
