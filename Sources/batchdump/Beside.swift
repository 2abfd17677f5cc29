/// Runs `body` to its end, and beside it, for no longer, what never ends by itself.
func withTasks<Output: Sendable>(
  _ others: [@Sendable () async -> Void], beside body: @Sendable () async throws -> Output
) async throws -> Output {
  try await withThrowingTaskGroup(of: Void.self) { group in
    for other in others { group.addTask(operation: other) }
    let output = try await body()
    group.cancelAll()
    return output
  }
}
