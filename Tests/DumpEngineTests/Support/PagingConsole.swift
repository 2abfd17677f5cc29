import Foundation
import Glibc
import Synchronization

@testable import DeviceSimulator

/// A boot loader on a tty that stops after each 16 lines of a dump until a key is pressed, as ZyXEL's BootBase does.
/// Source: the capture `zynos-bootbase-atdu.txt`.
final class PagingConsole: Sendable {
  let pager: Pager
  private let terminal: PseudoTerminal
  private let asked = Mutex(0)
  private let ending = AsyncStream<Never>.makeStream()

  /// Where its tty is.
  var path: String { terminal.path }
  /// How often it has asked for a key.
  var timesAsked: Int { asked.withLock { $0 } }

  init(_ pager: Pager) throws {
    self.pager = pager
    terminal = try PseudoTerminal()
    Thread.detachNewThread { self.serve() }
  }

  /// Goes away, once nobody has its tty open any more.
  func stop() async {
    Glibc.close(terminal.slave)
    for await _ in ending.stream {}
  }

  private func serve() {
    var pager = pager
    while let byte = read() {
      let reply = pager.reply(to: byte)
      asked.withLock { $0 = pager.timesAsked }
      say(reply)
    }
    Glibc.close(terminal.master)
    ending.continuation.finish()
  }

  private func read() -> UInt8? {
    var byte: UInt8 = 0
    while true {
      var ready = pollfd(fd: terminal.master, events: Int16(POLLIN), revents: 0)
      poll(&ready, 1, -1)
      if Glibc.read(terminal.master, &byte, 1) == 1 { return byte }
      if errno != EAGAIN, errno != EINTR { return nil }
    }
  }

  private func say(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let done = rest.withUnsafeBytes { Glibc.write(terminal.master, $0.baseAddress, $0.count) }
      if done > 0 { rest = rest.dropFirst(done) }
      // Nobody reads any more.
      if done < 0, errno != EAGAIN, errno != EINTR { return }
    }
  }
}

/// What a console with a pager says.
struct Pager: Sendable {
  static let address = 0xB003_7C00
  static let prompt = "ATCmd>"
  static let question = "< Press any key to Continue, ESC to Quit >"
  private static let page = 16 * 16

  let memory: [UInt8]
  /// Whether it asks for a key too where nothing follows.
  let asksBehindLast: Bool
  private(set) var timesAsked = 0
  private var line = ""
  /// What is printed when a key was pressed; nil where none is waited for.
  private var rest: Range<Int>?

  init(memory: [UInt8], asksBehindLast: Bool) {
    self.memory = memory
    self.asksBehindLast = asksBehindLast
  }

  /// What it says to a character.
  mutating func reply(to byte: UInt8) -> String {
    if let rest { return "\r\n" + display(rest) }
    guard byte == 0x0D else {
      line.unicodeScalars.append(Unicode.Scalar(byte))
      return String(Unicode.Scalar(byte))
    }
    defer { line = "" }
    guard !line.isEmpty else { return "\r\n" + Self.prompt }
    let words = line.dropFirst(4).split(separator: ",").compactMap { Int($0, radix: 16) }
    guard line.hasPrefix("ATDU"), words.count == 2, words[0] >= Self.address,
      words[0] - Self.address + words[1] <= memory.count
    else { return "\r\nERROR\r\n" + Self.prompt }
    return "\r\n" + display(words[0] - Self.address..<words[0] - Self.address + words[1])
  }

  /// A page, and what follows it.
  private mutating func display(_ range: Range<Int>) -> String {
    let page = range.prefix(Self.page)
    var text = ""
    for start in stride(from: page.lowerBound, to: page.upperBound, by: 16) { text += line(at: start) + "\r\n" }
    rest =
      page.count == Self.page && (asksBehindLast || page.count < range.count) ? page.upperBound..<range.upperBound : nil
    if rest == nil { return text + "OK\r\n" + Self.prompt }
    timesAsked += 1
    return text + Self.question
  }

  /// `B0037CE0: 45 5B 37 6D 3A 6D 62 3D-32 5C 45 5B 35 6D 3A 6D   E[7m:mb=2\E[5m:m`.
  private func line(at start: Int) -> String {
    let bytes = memory[start..<start + 16]
    let columns = [bytes.prefix(8), bytes.suffix(8)].map { half in half.map { hex($0, 2) }.joined(separator: " ") }
    let text = bytes.map { (0x20..<0x7F).contains($0) ? String(Unicode.Scalar($0)) : "." }.joined()
    return "\(hex(Self.address + start, 8)): \(columns.joined(separator: "-"))   \(text)"
  }

  private func hex(_ value: some BinaryInteger, _ digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: digits - text.count) + text
  }
}
