import Foundation

/// How many times slower than usual everything is, as `TEST_SLOWNESS` says: a sanitizer makes it so.
public let slowness = ProcessInfo.processInfo.environment["TEST_SLOWNESS"].flatMap(Double.init) ?? 1

/// Seconds for which tests let a console be silent: far more than a simulated one ever is, however busy the machine.
public let patientReply = 15 * slowness
