import Foundation
import TestSupport
import Testing

@testable import ServiceNotifier

@Suite("The service manager")
struct ServiceNotifierTests {
  private static func call(_ notifier: ServiceNotifier) {
    notifier.status("starting")
    notifier.ready()
    notifier.watchdog()
    notifier.status("")
    notifier.stopping()
  }
  private static let messages = ["STATUS=starting", "READY=1", "WATCHDOG=1", "STATUS=", "STOPPING=1"]

  @Test("is told what happens, in order, one datagram each")
  func messages() async throws {
    try await withTemporaryFolder { folder in
      let manager = try ServiceManager(name: folder.file("notify"))
      defer { manager.close() }
      let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": folder.file("notify")])
      #expect(notifier.isListenedTo)
      Self.call(notifier)
      #expect(try Self.messages.map { _ in try manager.next() } == Self.messages)
    }
  }

  @Test("may listen at an abstract name")
  func abstractName() throws {
    let name = "@batchdump-test-\(UUID().uuidString)"
    let manager = try ServiceManager(name: name)
    defer { manager.close() }
    Self.call(ServiceNotifier(environment: ["NOTIFY_SOCKET": name]))
    #expect(try Self.messages.map { _ in try manager.next() } == Self.messages)
  }

  @Test("is told when a reload began, by the monotonic clock")
  func reloading() async throws {
    try await withTemporaryFolder { folder in
      let manager = try ServiceManager(name: folder.file("notify"))
      defer { manager.close() }
      let before = Self.monotonicMicroseconds
      ServiceNotifier(environment: ["NOTIFY_SOCKET": folder.file("notify")]).reloading()
      let lines = try manager.next().split(separator: "\n")
      try #require(lines.count == 2)
      #expect(lines[0] == "RELOADING=1")
      let time = try #require(Int64(lines[1].trimmingPrefix("MONOTONIC_USEC=")))
      #expect((before...Self.monotonicMicroseconds).contains(time))
    }
  }

  @Test(
    "gets a status of one bounded line",
    arguments: [
      ("two\nlines", "two lines"), ("a\r\nREADY=1", "a  READY=1"), ("tab\there\u{0}\u{1B}[2J", "tab here  [2J"),
      ("a\u{2028}b\u{85}c", "a b c"), ("Prüfung 工場", "Prüfung 工場"),
      (String(repeating: "x", count: 600), String(repeating: "x", count: 512)),
      // A character that does not fit goes as a whole: half of one would be no UTF-8, which systemd rejects.
      (String(repeating: "工", count: 300), String(repeating: "工", count: 170)),
    ])
  func status(text: String, expected: String) async throws {
    try await withTemporaryFolder { folder in
      let manager = try ServiceManager(name: folder.file("notify"))
      defer { manager.close() }
      ServiceNotifier(environment: ["NOTIFY_SOCKET": folder.file("notify")]).status(text)
      #expect(try manager.next() == "STATUS=\(expected)")
    }
  }

  @Test(
    "that is not there is not missed",
    arguments: [
      [:], ["NOTIFY_SOCKET": ""], ["NOTIFY_SOCKET": "@"], ["NOTIFY_SOCKET": "relative/path"],
      ["NOTIFY_SOCKET": "vsock:2:1234"], ["NOTIFY_SOCKET": "/\(String(repeating: "x", count: 107))"],
      ["NOTIFY_SOCKET": "@\(String(repeating: "x", count: 108))"],
    ])
  func absent(environment: [String: String]) {
    let notifier = ServiceNotifier(environment: environment)
    #expect(!notifier.isListenedTo)
    notifier.ready()
  }

  @Test("that went away does no harm")
  func gone() async throws {
    try await withTemporaryFolder { folder in
      let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": folder.file("notify")])
      notifier.ready()
      try ServiceManager(name: folder.file("notify")).close()
      notifier.ready()
      #expect(notifier.isListenedTo)
    }
  }

  @Test("is reached at the longest path that an address takes")
  func longestPath() throws {
    let name = "@\(UUID().uuidString)".padding(toLength: 108, withPad: "x", startingAt: 0)
    let manager = try ServiceManager(name: name)
    defer { manager.close() }
    ServiceNotifier(environment: ["NOTIFY_SOCKET": name]).ready()
    #expect(try manager.next() == "READY=1")
  }

  @Test(
    "wants a sign of life in half of its time",
    arguments: [
      (["WATCHDOG_USEC": "30000000"], .seconds(15)), (["WATCHDOG_USEC": "1"], .nanoseconds(500)),
      (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "\(getpid())"], .seconds(15)),
      (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"], nil),
      (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "me"], nil), ([:], nil), (["WATCHDOG_USEC": "0"], nil),
      (["WATCHDOG_USEC": "-5"], nil), (["WATCHDOG_USEC": "18446744073709551615"], nil), (["WATCHDOG_USEC": "1s"], nil),
    ] as [([String: String], Duration?)])
  func watchdogInterval(environment: [String: String], expected: Duration?) {
    #expect(ServiceNotifier(environment: environment).watchdogInterval == expected)
  }

  private static var monotonicMicroseconds: Int64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
  }
}
