/// A USB controller, with what is above it. The last of the devices is the controller; its bus is `usb1`.
package struct MockController: Sendable {
  package var devices: [MockDevice]

  package var path: String { devices.last?.path ?? "" }

  /// The controller of most Intel computers.
  package static let intel = MockController(devices: [
    MockDevice("/devices/pci0000:00", nil), pci("/devices/pci0000:00/0000:00:14.0", driver: "xhci_hcd"),
  ])

  /// Raspberry Pi 3: directly on the chip. Source: github.com/ngardiner/TWCManager/issues/307.
  package static let raspberry3 = MockController(devices: [
    MockDevice("/devices/platform/soc", "platform"),
    MockDevice("/devices/platform/soc/3f980000.usb", "platform", driver: "dwc_otg"),
  ])

  /// Raspberry Pi 4: behind a PCI bridge on the chip. Source: github.com/VoronDesign/VoronUsers/issues/173 and
  /// github.com/systemd/systemd/issues/29201.
  package static let raspberry4 = MockController(devices: [
    MockDevice("/devices/platform/scb", "platform"),
    MockDevice("/devices/platform/scb/fd500000.pcie", "platform", driver: "brcm-pcie"),
    MockDevice("/devices/platform/scb/fd500000.pcie/pci0000:00", nil),
    pci("/devices/platform/scb/fd500000.pcie/pci0000:00/0000:00:00.0", driver: "pcieport"),
    pci("/devices/platform/scb/fd500000.pcie/pci0000:00/0000:00:00.0/0000:01:00.0", driver: "xhci_hcd"),
  ])

  private static func pci(_ path: String, driver: String) -> MockDevice { MockDevice(path, "pci", driver: driver) }
}
