import Glibc
import NIOCore
import NIOPosix

/// Links over the device nodes of ttys.
enum TTYTransport {
  static func open(_ path: String, _ settings: LineSettings, on loop: any EventLoop) async throws(LinkError) -> Wire {
    let address = LinkAddress.tty(path: path)
    guard let bootstrap = NIOPipeBootstrap(validatingGroup: loop) else { throw .foreignLoops(address) }
    let inbox = Wire.makeInbox(for: address, on: loop)
    let port = try await Blocking.run(on: loop, for: address) { () throws(LinkError) in
      try TTYPort(path: path, settings: settings)
    }
    let copy = try port.duplicate()
    let channel: any Channel
    do throws(LinkError) {
      channel = try await carry(
        port,
        by: bootstrap.channelOption(.recvAllocator, value: Wire.receiveBuffer).channelInitializer(Wire.install(inbox)))
    } catch {
      close(copy)
      throw error
    }
    // Where the channel has ended already nobody would close it.
    loop.execute { if channel.isActive { inbox.value.glance = TTYGlance(descriptor: copy) } else { close(copy) } }
    let line = TTYLine(port: port, bitsPerCharacter: settings.bitsPerCharacter, loop: loop)
    return Wire(channel: channel, inbox: inbox, control: line)
  }

  /// Gives SwiftNIO two descriptors of its own, as it wants them: it closes them when the channel ends.
  private static func carry(_ port: TTYPort, by bootstrap: NIOPipeBootstrap) async throws(LinkError) -> any Channel {
    let input = try port.duplicate()
    let output: Int32
    do throws(LinkError) {
      output = try port.duplicate()
    } catch {
      close(input)
      throw error
    }
    do {
      return try await bootstrap.takingOwnershipOfDescriptors(input: input, output: output).get()
    } catch {
      // Ownership has not passed.
      close(input)
      close(output)
      throw .broken(port.address, error)
    }
  }
}
