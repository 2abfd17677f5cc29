import Foundation

/// What to start as a child process.
struct ChildCommand: Sendable {
  /// The program, looked for in PATH, and its arguments.
  var arguments: [String]
  /// File that takes what the child prints to its standard output and error.
  var log: String
  /// Descriptors of ours that the child shall have as 3, 4, …; all others are closed.
  var descriptors: [Int32]

  /// Starts it, with an empty standard input.
  ///
  /// `setpriv` (util-linux) has the kernel kill the child when the thread that called this ends, and `nice` keeps a
  /// busy child from starving the tests that watch it.
  func spawn() throws -> pid_t {
    let words = ["setpriv", "--pdeathsig", "KILL", "nice", "-n", "10"] + arguments
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    let first: Int32 = 3
    // In two steps, since a descriptor may bear a number that another one is about to get.
    let aside = (descriptors.max() ?? 0) + first + Int32(descriptors.count)
    for (index, descriptor) in descriptors.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, descriptor, aside + Int32(index))
    }
    for index in descriptors.indices {
      posix_spawn_file_actions_adddup2(&actions, aside + Int32(index), first + Int32(index))
    }
    // An inherited pty or socket of another test would look open to that test after it closed its own end. glibc lets
    // pass what is not open; swift does not see its call that closes all from a number on.
    for other in first + Int32(descriptors.count)...max(try Self.highestDescriptor(), aside) + 64 {
      posix_spawn_file_actions_addclose(&actions, other)
    }

    let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
    var pid: pid_t = 0
    let code = withCStrings(words) { arguments in
      withCStrings(environment) { posix_spawnp(&pid, words[0], &actions, nil, arguments, $0) }
    }
    guard code == 0 else { throw SystemCallError("posix_spawnp", code, "starting \(words.joined(separator: " "))") }
    return pid
  }

  private static func highestDescriptor() throws -> Int32 {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }.max() ?? 0
  }
}

private func withCStrings<Output>(
  _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Output
) -> Output {
  let copies = strings.map { strdup($0) }
  defer { for copy in copies { free(copy) } }
  return (copies + [nil]).withUnsafeBufferPointer { body($0.baseAddress!) }
}
