import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// Runs simulated units, each on a pty whose slave is linked as `FOLDER/NAME`.
///
/// All units of a host share one event loop; 256 of them at 921600 baud leave it time to spare.
public final class SimulatorHost: Sendable {
  /// Where the links are.
  public let folder: String

  private let eventLoop: any EventLoop
  private let watcher: OpenWatcher
  private let units = Mutex<[RunningUnit]>([])

  /// A host without units. The folder has to exist; links in it that belong to nobody any more are replaced.
  public init(folder: String, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton) async throws {
    self.folder = folder
    var status = stat()
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw SimulatorError("\(folder) is not a folder; create it before units are started in it")
    }
    eventLoop = group.next()
    watcher = try await OpenWatcher(on: eventLoop)
  }

  /// Starts all units of a fleet. Throws, with none of them running, if one cannot be started.
  @discardableResult
  public func start(_ fleet: SimulatedFleet) async throws -> [RunningUnit] {
    var started: [RunningUnit] = []
    do {
      for unit in fleet.units { started.append(try await start(unit)) }
    } catch {
      for unit in started { await unit.stop() }
      throw error
    }
    return started
  }

  /// Starts a unit.
  @discardableResult
  public func start(_ unit: SimulatedUnit) async throws -> RunningUnit {
    guard SimulatedUnit.isUsableName(unit.name) else {
      throw SimulatorError("\"\(unit.name)\" cannot be a unit's name: it has to be usable as a file's")
    }
    let link = "\(folder)/\(unit.name)"
    try removeStaleLink(link)
    let storage = try UnitStorage(unit)
    let (eventLoop, watcher) = (eventLoop, watcher)
    let socket = try await eventLoop.submit {
      let line = UnitLine(SimulatedDevice(unit, storage), unit: unit, link: link, on: eventLoop)
      return AdapterSocket(NIOLoopBound(line, eventLoop: eventLoop), on: eventLoop, watcher)
    }.get()
    try await socket.plugIn()
    let running = RunningUnit(unit, storage, path: link, socket)
    units.withLock { $0.append(running) }
    return running
  }

  /// Stops all units.
  public func stop() async {
    let running = units.withLock { units in
      defer { units = [] }
      return units
    }
    for unit in running { await unit.stop() }
    await watcher.stop()
  }

  /// A link that a run before left behind leads nowhere; anything else in the place is somebody's.
  private func removeStaleLink(_ link: String) throws {
    guard let target = PseudoTerminal.target(of: link) else {
      guard access(link, F_OK) != 0 else {
        throw SimulatorError("\(link) exists and is not a link to a tty; choose another folder or name")
      }
      return
    }
    let inUse = units.withLock { $0.contains { $0.path == link } }
    guard !inUse else { throw SimulatorError("a unit named \(link) runs already; give each unit its own name") }
    PseudoTerminal.removeLink(link, leadingTo: target)
  }
}
