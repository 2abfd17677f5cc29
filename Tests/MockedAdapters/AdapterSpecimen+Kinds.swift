// Descriptors as these adapters send them. Sources: dmesg and udevadm in reports about them, the drivers' id tables.
extension AdapterSpecimen {
  package static let ft232r = AdapterSpecimen(
    vendor: "0403", product: "6001", manufacturer: "FTDI", model: "FT232R USB UART", serial: "A9030PXG",
    driver: "ftdi_sio", interfaces: [Interface(number: 0, ttys: ["ttyUSB0"])])

  /// Has neither a maker's name nor a serial number.
  package static let ch340 = AdapterSpecimen(
    vendor: "1a86", product: "7523", model: "USB2.0-Ser!", driver: "ch341",
    interfaces: [Interface(number: 0, ttys: ["ttyUSB0"])])

  /// Leaves the factory with the serial number 0001, as all others of its kind.
  package static let cp2102 = AdapterSpecimen(
    vendor: "10c4", product: "ea60", manufacturer: "Silicon Labs", model: "CP2102 USB to UART Bridge Controller",
    serial: "0001", driver: "cp210x", interfaces: [Interface(number: 0, ttys: ["ttyUSB0"])])

  /// Two ports, an interface for each.
  package static let cp2105 = AdapterSpecimen(
    vendor: "10c4", product: "ea70", manufacturer: "Silicon Labs", model: "CP2105 Dual USB to UART Bridge Controller",
    serial: "00B2F1C3", driver: "cp210x",
    interfaces: [Interface(number: 0, ttys: ["ttyUSB0"]), Interface(number: 1, ttys: ["ttyUSB1"])])

  /// Four ports, an interface for each.
  package static let ft4232h = AdapterSpecimen(
    vendor: "0403", product: "6011", manufacturer: "FTDI", model: "Quad RS232-HS", megabits: "480", driver: "ftdi_sio",
    interfaces: (0..<4).map { Interface(number: $0, ttys: ["ttyUSB\($0)"]) })

  /// Four ports on one interface.
  package static let mcs7840 = AdapterSpecimen(
    vendor: "9710", product: "7840", model: "USB-Serial Controller", driver: "mos7840",
    interfaces: [Interface(number: 0, ttys: ["ttyUSB0", "ttyUSB1", "ttyUSB2", "ttyUSB3"])])

  /// A CDC-ACM device; its second interface carries the data and has no tty.
  package static let arduinoUno = AdapterSpecimen(
    vendor: "2341", product: "0043", manufacturer: "Arduino (www.arduino.cc)", serial: "75735323330351F0B0E1",
    driver: "cdc_acm",
    interfaces: [Interface(number: 0, ttys: ["ttyACM0"]), Interface(number: 1, ttys: [])])
}

extension AdapterSpecimen {
  /// `ft232r` in socket `1-1.2` of an Intel computer, as Debian 12's udevd describes it.
  package static let ft232rWithUdevd = ft232r.plugged(into: "1-1.2", as: "ttyUSB0").known(
    by: [
      "ID_BUS": "usb", "ID_MODEL": "FT232R_USB_UART", "ID_MODEL_ENC": #"FT232R\x20USB\x20UART"#, "ID_MODEL_ID": "6001",
      "ID_MODEL_FROM_DATABASE": "FT232 Serial (UART) IC", "ID_PATH": "pci-0000:00:14.0-usb-0:1.2:1.0",
      "ID_PATH_TAG": "pci-0000_00_14_0-usb-0_1_2_1_0", "ID_REVISION": "0600",
      "ID_SERIAL": "FTDI_FT232R_USB_UART_A9030PXG", "ID_SERIAL_SHORT": "A9030PXG", "ID_TYPE": "generic",
      "ID_USB_DRIVER": "ftdi_sio", "ID_USB_INTERFACES": ":ffffff:", "ID_USB_INTERFACE_NUM": "00", "ID_VENDOR": "FTDI",
      "ID_VENDOR_ENC": "FTDI", "ID_VENDOR_FROM_DATABASE": "Future Technology Devices International, Ltd",
      "ID_VENDOR_ID": "0403", "TAGS": ":systemd:", "USEC_INITIALIZED": "4385711265",
    ],
    links: [
      "ttyUSB0": [
        "/dev/serial/by-path/pci-0000:00:14.0-usb-0:1.2:1.0-port0",
        "/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A9030PXG-if00-port0",
      ]
    ])
}
