import Foundation

/// Counts the objects that the calling thread allocates, through the hook that the Swift runtime keeps for
/// instruments. Arrays, strings and boxes are all such objects.
///
/// Only for a process in which nothing else runs, such as an exit test: the hook is not made for live traffic.
enum AllocationCount {
  private typealias Allocate = @convention(c) (UnsafeRawPointer?, Int, Int) -> UnsafeMutableRawPointer?

  private struct Hook {
    var enabled: UnsafeMutablePointer<Bool>
    var allocate: UnsafeMutablePointer<Allocate>
    var original: Allocate
  }

  // Read by every thread while hooked; written before that and never changed.
  nonisolated(unsafe) private static let hook: Hook? = {
    let program = dlopen(nil, RTLD_NOW)
    guard let allocate = dlsym(program, "_swift_allocObject"),
      let enabled = dlsym(program, "_swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly")
    else { return nil }
    let slot = allocate.assumingMemoryBound(to: Allocate.self)
    return Hook(enabled: enabled.assumingMemoryBound(to: Bool.self), allocate: slot, original: slot.pointee)
  }()
  nonisolated(unsafe) private static let original: Allocate = hook!.original
  nonisolated(unsafe) private static let count = UnsafeMutablePointer<Int>.allocate(capacity: 1)
  nonisolated(unsafe) private static let thread = UnsafeMutablePointer<pthread_t>.allocate(capacity: 1)

  /// How many objects some work allocates; absent where this runtime has no such hook.
  static func of(_ work: () -> Void) -> Int? {
    guard let hook else { return nil }
    _ = original
    count.pointee = 0
    thread.pointee = pthread_self()
    hook.allocate.pointee = { metadata, size, alignment in
      if pthread_equal(pthread_self(), AllocationCount.thread.pointee) != 0 { AllocationCount.count.pointee += 1 }
      return AllocationCount.original(metadata, size, alignment)
    }
    hook.enabled.pointee = true
    work()
    hook.enabled.pointee = false
    hook.allocate.pointee = hook.original
    return count.pointee
  }
}
