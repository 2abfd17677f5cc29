import Foundation

/// What this process has used so far.
struct ProcessUsage: Codable, Sendable, Equatable {
  /// The most memory that was ever resident, in bytes.
  var peakMemory: Int
  /// Processor seconds, those that the kernel spent for it included.
  var processorSeconds: Double

  /// Source: proc(5), `VmHWM` in `/proc/PID/status`; getrusage(2).
  static func current() throws -> ProcessUsage {
    var usage = rusage()
    guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else {
      throw BenchmarkFailure("getrusage failed: \(String(cString: strerror(errno)))")
    }
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    guard let peak = peakMemory(inStatus: status) else {
      throw BenchmarkFailure("no VmHWM in /proc/self/status: is this Linux, with /proc mounted?")
    }
    return ProcessUsage(peakMemory: peak, processorSeconds: usage.ru_utime.seconds + usage.ru_stime.seconds)
  }

  /// The line `VmHWM:	   51200 kB`, in bytes.
  static func peakMemory(inStatus status: String) -> Int? {
    for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
      let words = line.split(whereSeparator: \.isWhitespace)
      guard words.count == 3, words[2] == "kB" else { return nil }
      return Int(words[1]).map { $0 * 1024 }
    }
    return nil
  }
}

extension timeval {
  fileprivate var seconds: Double { Double(tv_sec) + Double(tv_usec) / 1e6 }
}
