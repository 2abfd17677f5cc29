import Glibc

/// How many files the process may have open.
enum FileLimit {
  /// Raises it to what the system allows: each console takes four descriptors, its files some more, and the usual 1,024
  /// end below 200 slots.
  static func raise() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
