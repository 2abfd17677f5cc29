import Foundation
import Subprocess

extension HookCommand {
  /// Runs the hook in a session of its own and returns when its program has ended.
  ///
  /// When the time is over or the task is cancelled, SIGTERM goes to the hook's whole process group, and SIGKILL to
  /// what is left of it when the program has ended, or after two seconds. A program that may not be killed, since it
  /// has gained other rights, is waited for. What a hook leaves running in the background after it ended in time is
  /// neither waited for nor killed; it should not go on printing, for nobody reads that.
  public func run() async -> HookOutcome {
    guard !Task.isCancelled else { return outcome(.cancelled) }
    guard let program = arguments.first, !program.isEmpty else {
      return outcome(.notStarted(reason: "the command is empty"))
    }
    let file: HookInput
    do {
      file = try HookInput(input)
    } catch {
      return outcome(.notStarted(reason: error.description))
    }
    defer { file.close() }
    do {
      return try await run(configuration(program), input: file)
    } catch {
      guard !Task.isCancelled else { return outcome(.cancelled) }
      return outcome(.notStarted(reason: StartFailure(of: program, error: error).description))
    }
  }

  private func run(_ configuration: Configuration, input: HookInput) async throws -> HookOutcome {
    let result = try await Subprocess.run(
      configuration, input: .fileDescriptor(.init(rawValue: input.descriptor), closeAfterSpawningProcess: false),
      output: .sequence, error: .combinedWithOutput
    ) { execution in
      await withTaskGroup(of: OutputTail.self) { group in
        group.addTask { await OutputTail(of: execution.standardOutput, limit: Self.longestOutput) }
        let stopped = await watch(execution)
        // From here on only a child that was left behind can print, and it may do so for ever.
        group.cancelAll()
        return (stopped: stopped, output: await group.next()?.bytes ?? [])
      }
    }
    let (stopped, output) = result.closureResult
    return outcome(stopped ?? .init(result.terminationStatus), output: output)
  }

  private func configuration(_ program: String) -> Configuration {
    var options = PlatformOptions()
    options.createSession = true
    options.teardownSequence = Self.teardown
    let changes = environmentChanges.map { (Environment.Key(stringLiteral: $0.key), $0.value) }
    return Configuration(
      executable: program.contains("/") ? .path(.init(program)) : .name(program),
      arguments: Arguments(Array(arguments.dropFirst())),
      environment: .inherit.updating(Dictionary(uniqueKeysWithValues: changes)), platformOptions: options)
  }

  private static var teardown: [TeardownStep] {
    [.send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: patience)]
  }

  /// Waits until the program has ended, and sees to it that it does. Absent where it ended by itself in time.
  private func watch<Input, Output, Failure>(
    _ execution: Execution<Input, Output, Failure>
  ) async -> HookOutcome.Ending? {
    let exit = ProcessExit(descriptor: execution.processIdentifier.processDescriptor)
    return await withTaskGroup(of: HookOutcome.Ending?.self) { group in
      group.addTask {
        await exit.wait()
        return nil
      }
      group.addTask {
        // Cancellation cuts the time short, which is how the group learns of it.
        (try? await ContinuousClock().sleep(for: limit)) == nil ? .cancelled : .timedOut
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      // On cancellation the library runs the same steps by itself.
      if first == .timedOut { await execution.teardown(using: Self.teardown) }
      await group.waitForAll()
      // The program is not reaped before this closure returns, so that its group's number is still its own.
      if first != nil { try? execution.send(signal: .kill, toProcessGroup: true) }
      return first
    }
  }

  private func outcome(_ ending: HookOutcome.Ending, output: [UInt8] = []) -> HookOutcome {
    HookOutcome(command: self, ending: ending, output: output)
  }
}

extension HookOutcome.Ending {
  fileprivate init(_ status: TerminationStatus) {
    switch status {
    case .exited(let code): self = .exited(code: code)
    case .signaled(let number): self = .signalled(number)
    }
  }
}
