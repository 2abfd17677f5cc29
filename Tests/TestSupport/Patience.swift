import Foundation

/// How many times slower than usual everything is, as `TEST_SLOWNESS` says: a sanitizer makes it so.
public let slowness = ProcessInfo.processInfo.environment["TEST_SLOWNESS"].flatMap(Double.init) ?? 1

/// Seconds for which tests let a console be silent: far more than a simulated one ever is, however busy the machine.
public let patientReply = 15 * slowness

/// Returns when something is so that no event tells of (a unit's counters, the rate of its line, a file), or the task is
/// cancelled. It is looked for now and then: whoever asks without a pause takes the time that the simulated units need.
public func until(_ isSo: () async -> Bool) async {
  while !Task.isCancelled, await !isSo() { try? await ContinuousClock().sleep(for: .milliseconds(2)) }
}
