import Foundation

/// Runs a board for as long as `body` does. `flash` is the start of its second flash bank; the rest of it is zeros.
///
/// The board is killed when `body` ends, when the task is cancelled and when the test process dies. Throws
/// `QemuBoardError` where QEMU or U-Boot is missing or QEMU ended by itself.
public func withQemuBoard<Output>(
  _ kind: QemuBoard.Kind, flash: [UInt8], _ body: (QemuBoard) async throws -> Output
) async throws -> Output {
  try kind.checkFirmware()
  return try await withTemporaryFolder { folder in
    let log = folder.file("qemu.log")
    let board = try await kind.start(in: folder, flash: flash, log: log)
    do {
      let output = try await withTaskCancellationHandler {
        try await body(board)
      } onCancel: {
        board.emulator.kill()
      }
      try await board.end(log: log)
      return output
    } catch {
      // Where QEMU broke down, that is the reason, and what the body saw of it only a consequence.
      try await board.end(log: log)
      throw error
    }
  }
}

/// A board that could not be had, or did not last.
public struct QemuBoardError: Error, CustomStringConvertible {
  /// What is wrong and what to do.
  public let description: String
}

extension QemuBoard {
  /// Ends the board; throws where it had ended by itself.
  fileprivate func end(log: String) async throws {
    await powerOff()
    await machine.close()
    guard let early = emulator.endedByItself else { return }
    let said = FileManager.default.contents(atPath: log).map { String(decoding: $0, as: UTF8.self) } ?? ""
    throw QemuBoardError(
      description: """
        \(kind.emulator) ended by itself with \(early); it shall run until the test ends. Where it is missing, run \
        'make setup', or set BATCHDUMP_WITHOUT_QEMU=1 to leave these tests out. It said: \(said)
        """)
  }
}

extension QemuBoard.Kind {
  fileprivate func checkFirmware() throws {
    guard !FileManager.default.isReadableFile(atPath: firmware) else { return }
    throw QemuBoardError(
      description: """
        no U-Boot for the \(rawValue) board at \(firmware), where Debian's package u-boot-qemu has it. Run 'make \
        setup', or set BATCHDUMP_WITHOUT_QEMU=1 to leave these tests out.
        """)
  }

  fileprivate func start(in folder: TemporaryFolder, flash: [UInt8], log: String) async throws -> QemuBoard {
    let banks = (boot: folder.file("bank0.img"), flash: folder.file("bank1.img"))
    try makeBank(at: banks.boot, holding: Data(contentsOf: URL(filePath: firmware)))
    try makeBank(at: banks.flash, holding: Data(flash))
    let sockets = (console: folder.file("console"), control: folder.file("control"))
    let console = try UnixListener(path: sockets.console)
    let control = try UnixListener(path: sockets.control)
    let command = ChildCommand(
      arguments: [emulator] + machineArguments + [
        "-display", "none", "-nodefaults",
        "-drive", "if=pflash,format=raw,readonly=on,file=\(banks.boot)",
        "-drive", "if=pflash,format=raw,file=\(banks.flash)",
        // The descriptors that ChildCommand hands over, in its order. Without wait=on the board would start to
        // print before anybody listens, its autoboot line included.
        "-chardev", "socket,id=console,fd=3,server=on,wait=on", "-serial", "chardev:console",
        "-chardev", "socket,id=control,fd=4,server=on,wait=off", "-mon", "chardev=control,mode=control",
      ], log: log, descriptors: [console.descriptor, control.descriptor])
    let child = try await ChildProcess.start(command)
    do {
      let machine = try await QmpClient.connect(path: sockets.control)
      return QemuBoard(
        kind: self, console: sockets.console, flashFile: banks.flash, emulator: child, machine: machine)
    } catch {
      child.kill()
      await child.waitForEnd()
      throw error
    }
  }

  /// A file of a bank's size; what follows the content takes no room on the disk.
  private func makeBank(at path: String, holding content: Data) throws {
    guard content.count <= QemuBoard.flashSize else {
      throw QemuBoardError(
        description: "\(content.count) bytes do not fit into a flash bank of \(QemuBoard.flashSize): \(path)")
    }
    try content.write(to: URL(filePath: path))
    guard truncate(path, QemuBoard.flashSize) == 0 else { throw SystemCallError("truncate", errno, "making \(path)") }
  }
}
