import Foundation
import FuzzTargets

/// The target that `--target=NAME` names; libFuzzer ignores what begins with two dashes.
private let chosen: FuzzTarget = {
  let target = FuzzTarget.all.first { CommandLine.arguments.contains("--target=\($0.name)") }
  guard let target else {
    let names = FuzzTarget.all.map(\.name).joined(separator: ", ")
    FileHandle.standardError.write(Data("batchdump-fuzz: expected --target=NAME with one of \(names)\n".utf8))
    exit(64)
  }
  return target
}()

/// What libFuzzer calls with one input after the other: 0, or -1 where the input
/// is not worth keeping.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let start = ContinuousClock.now
  do {
    let isUseful = try chosen.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    // What is slow, such as a pattern that only its limit ends, would take the time of all others when it is varied.
    return isUseful && start.duration(to: .now) < .milliseconds(50) ? 0 : -1
  } catch {
    fatalError("\(chosen.name): \(error)")
  }
}
