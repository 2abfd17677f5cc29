import Foundation

/// The parser's job as a script would do it: a compiled regular expression over lines of U-Boot's `md.l`, with the same
/// checks of address, cells and gutter. It times itself, so that starting Python costs it nothing.
enum PythonRegex {
  private static let script = #"""
    import re, struct, sys, time
    with open(sys.argv[1], "rb") as file: text = file.read()
    line = re.compile(
        rb"([0-9a-f]{8}): ([0-9a-f]{8}) ([0-9a-f]{8}) ([0-9a-f]{8}) ([0-9a-f]{8}) +([ -~]{16})\r\n")
    shown = bytes(byte if 0x20 <= byte <= 0x7E else 0x2E for byte in range(256))
    def parse(address):
        held = bytearray()
        for match in line.finditer(text):
            place, one, two, three, four, gutter = match.groups()
            cells = struct.pack("<4I", int(one, 16), int(two, 16), int(three, 16), int(four, 16))
            if int(place, 16) == address + len(held) and cells.translate(shown) == gutter: held += cells
        return held
    best = 3600e9
    for _ in range(20):
        start = time.perf_counter_ns()
        held = parse(int(sys.argv[2]))
        best = min(best, time.perf_counter_ns() - start)
    sys.stdout.buffer.write(b"%d\n" % best + held)
    """#

  /// The best of several times for all of a text; absent where there is no `python3`.
  static func time(_ text: DumpText) throws -> Duration? {
    let file = FileManager.default.temporaryDirectory.appending(path: "batchdump-bench-\(UUID()).txt")
    try Data(text.text).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script, file.path, String(text.address)]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let reply = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    // env(1): the program was not found.
    guard process.terminationStatus != 127 else { return nil }
    guard let end = reply.firstIndex(of: 0x0A), let time = Int64(String(decoding: reply[..<end], as: UTF8.self)),
      Array(reply[(end + 1)...]) == text.bytes
    else {
      throw BenchmarkFailure("python3 does not hold what was printed; it ended with \(process.terminationStatus)")
    }
    return .nanoseconds(time)
  }
}
