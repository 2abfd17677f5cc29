import TestSupport

@testable import DeviceSimulator

/// A device whose line is carried by the test itself, in a time of the test's own.
final class DrivenDevice {
  var device: SimulatedDevice
  private(set) var now: Nanoseconds = 1
  /// Times that the adapter vanished; here the line stays all the same.
  private(set) var hangUps = 0

  /// A unit at its prompt unless `start` says otherwise. What it prints first is dropped.
  init(_ unit: SimulatedUnit, isBooting: Bool = false) throws {
    device = SimulatedDevice(unit, try UnitStorage(unit))
    if isBooting {
      device.reset()
    } else {
      device.resume()
    }
  }

  /// Sends text and returns what the device answers until it waits for more.
  func type(_ text: String) -> ReadableBytes {
    device.send(text.utf8)
    return settle()
  }

  /// Lets time pass until the device waits for a character; its own pauses are jumped over.
  func settle() -> ReadableBytes {
    var output: [UInt8] = []
    while step(into: &output) {}
    return ReadableBytes(output)
  }

  /// Lets time pass until the output contains `text`.
  func run(until text: String) -> ReadableBytes {
    var output: [UInt8] = []
    while output.firstRange(of: Array(text.utf8)) == nil, step(into: &output, characters: 1) {}
    return ReadableBytes(output)
  }

  /// Lets the time of up to 1000 characters pass; false when nothing more will happen.
  private func step(into output: inout [UInt8], characters: Int = 1000) -> Bool {
    let end = now + time(of: characters)
    let (used, pause) = device.carry(characters, now: end, hostSpeed: hostSpeed, into: &output)
    now += time(of: used)
    switch pause {
    case .busy: return true
    case .idle: return false
    case .hungUp:
      hangUps += 1
      return true
    case .sleeping(let until):
      now = max(now, until)
      return true
    }
  }

  private func time(of characters: Int) -> Nanoseconds {
    Nanoseconds(characters) * 10_000_000_000 / Nanoseconds(device.portSpeed)
  }

  /// What the host's end is set to; equal to the port unless a test sets it.
  var hostSpeed = 0
}

extension SimulatedUnit {
  /// A U-Boot with 16 KiB of seeded bytes at 0x40000000 and 1 MiB of zeros at 0x40200000.
  static func uBoot(_ name: String = "unit", _ change: (inout UBootOptions) -> Void = { _ in }) -> SimulatedUnit {
    var options = UBootOptions()
    change(&options)
    return SimulatedUnit(
      name: name, loader: .uBoot(options),
      memory: [
        MemoryArea(address: 0x4000_0000, size: 0x4000, content: .random(seed: 7)),
        MemoryArea(address: 0x4020_0000, size: 0x10_0000, content: .fill(0)),
      ])
  }

  /// A W90 whose flash holds only `bytes`, erased behind them.
  static func w90(_ bytes: [UInt8]) -> SimulatedUnit {
    SimulatedUnit(
      name: "camera", loader: .w90(W90Options()),
      memory: [
        MemoryArea(address: 0, size: 0x100_0000, content: .fill(0)),
        MemoryArea(address: 0x7F00_0000, size: 0x20_0000, content: .bytes(bytes)),
      ])
  }

  /// The camera of the demo: a gzip kernel and a romfs behind a boot area.
  static func camera(seed: UInt64 = 5) -> SimulatedUnit {
    let flash = CameraFlash(
      images: [
        .init(number: 7, name: "linux.bin", kind: .kernel, address: 0x7F0E_0000, size: 0xC3C00),
        .init(number: 6, name: "romfs.img", kind: .romfs, address: 0x7F1B_0000, size: 0x40000),
      ], seed: seed)
    return SimulatedUnit(
      name: "camera", loader: .w90(W90Options()),
      memory: [MemoryArea(address: 0x7F00_0000, size: 0x20_0000, content: .camera(flash))])
  }
}
