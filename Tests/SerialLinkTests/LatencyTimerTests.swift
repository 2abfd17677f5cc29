import Foundation
import Testing

@testable import SerialLink

@Suite("The latency timer of an FTDI adapter is lowered while its tty is open")
struct LatencyTimerTests {
  /// Opens a pty as if sysfs said this of its adapter. Returns what is said while it is open, and then.
  private func lowered(_ timer: String?, isWritable: Bool = true) throws -> (open: String?, closed: String?) {
    let (far, path) = try FarEnd.pseudoTerminal()
    defer { far.hangUp() }
    let device = try #require(DeviceNode(path: path)).device
    let sysfs = NSTemporaryDirectory() + "sysfs-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: sysfs) }
    let folder = "\(sysfs)/dev/char/\(device.major):\(device.minor)/device"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let file = "\(folder)/latency_timer"
    try timer?.write(toFile: file, atomically: false, encoding: .utf8)
    // What may not be written: a folder, for root may write any file.
    if !isWritable { try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: true) }
    let port = try TTYPort(path: path, settings: LineSettings(speed: 115_200), sysfs: sysfs)
    let open = try? String(contentsOfFile: file, encoding: .utf8)
    port.release()
    port.release()
    return (open, try? String(contentsOfFile: file, encoding: .utf8))
  }

  @Test("to the shortest, and back", arguments: ["16\n", "16", "255\n", "2\n"])
  func lowered(timer: String) throws {
    let text = try lowered(timer)
    #expect(text.open == "1\n")
    #expect(text.closed.map { Int($0.prefix { $0.isNumber }) } == Int(timer.prefix { $0.isNumber }))
  }

  @Test("what is low already, or makes no sense, is left alone", arguments: ["1\n", "0\n", "", "high\n"])
  func left(timer: String) throws {
    let text = try lowered(timer)
    #expect(text.open == timer && text.closed == timer)
  }

  @Test("an adapter without one, or one that may not be set, is used all the same", arguments: [true, false])
  func absent(isWritable: Bool) throws {
    let text = try lowered(nil, isWritable: isWritable)
    #expect(text.open == nil && text.closed == nil)
  }
}
