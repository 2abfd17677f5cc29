import DeviceSimulator
import TestSupport

/// Simulated units for the tests of a session.
enum Units {
  /// Where the flash of a U-Boot unit is.
  static let flash: UInt64 = 0x0400_0000
  /// Where its RAM is.
  static let ram: UInt64 = 0x4000_0000
  static let flashSize = 256 << 10
  /// Where the kernel of a camera is.
  static let cameraKernel: UInt64 = 0x7F02_0000
  static let cameraKernelSize = 0x3000

  /// A U-Boot unit at its prompt; its flash looks random.
  static func uBoot(
    _ name: String = "unit", seed: UInt64 = 11, content: MemoryContent? = nil,
    _ change: (inout UBootOptions) -> Void = { _ in }
  ) -> SimulatedUnit {
    var options = UBootOptions()
    options.startupDelay = 20
    options.bootDelay = 20
    options.environment["ethaddr"] = "02:00:5e:00:00:01"
    change(&options)
    var unit = SimulatedUnit(
      name: name, loader: .uBoot(options), speed: 3_000_000,
      memory: [
        MemoryArea(
          address: Quantity(flash), size: Quantity(UInt64(flashSize)), content: content ?? .random(seed: seed)),
        MemoryArea(address: Quantity(ram), size: 0x10_0000, content: .fill(0)),
      ])
    unit.start = .prompt
    return unit
  }

  /// A W90 camera at its prompt.
  static func camera(_ name: String = "camera", seed: UInt64 = 5) -> SimulatedUnit {
    var options = W90Options()
    options.startupDelay = 20
    let flash = CameraFlash(
      images: [
        CameraFlash.Image(
          number: 6, name: "linux.bin", kind: .kernel, address: Quantity(cameraKernel),
          size: Quantity(UInt64(cameraKernelSize)))
      ], seed: seed)
    var unit = SimulatedUnit(
      name: name, loader: .w90(options), speed: 921_600,
      memory: [MemoryArea(address: 0x7F00_0000, size: 0x20_0000, content: .camera(flash))])
    unit.start = .prompt
    return unit
  }
}
