import Foundation

/// Seconds for which tests let a console be silent: far more than a simulated one ever is, however busy the machine. A
/// sanitizer makes everything many times slower; `TEST_SLOWNESS` says how many.
public let patientReply = 15 * (ProcessInfo.processInfo.environment["TEST_SLOWNESS"].flatMap(Double.init) ?? 1)
