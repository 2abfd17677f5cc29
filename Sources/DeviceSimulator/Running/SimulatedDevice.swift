/// A unit with its end of the line, without tty or event loop: characters in, characters out, time given from outside.
///
/// There is one of each, but no class: access to a class's properties is checked while the program runs, and here that
/// would be several times for each line that is printed.
struct SimulatedDevice: ~Copyable {
  /// All that it holds.
  let storage: UnitStorage

  private(set) var isPowered = false
  /// Characters on their way from the host, not yet at the port.
  private(set) var incoming = CharacterQueue()

  private var firmware: any Firmware
  private var machine: Machine
  private let speed: Int
  private var noiseToHost: NoiseStage?
  private var noiseToUnit: NoiseStage?
  private var mismatch: SpeedMismatch?
  private var faults: LineFaultStage?
  /// Until when the unit stands still.
  private var stallEnd: Nanoseconds?
  private var isAdapterGone = false
  private var isConsoleDead = false

  /// Characters that a U-Boot unit's port holds; 64 as in a 16750.
  private static let uBootDepth = 64

  init(_ unit: SimulatedUnit, _ storage: UnitStorage) {
    self.storage = storage
    let memory = storage.memory
    switch unit.loader {
    case .uBoot(let options):
      firmware = UBootFirmware(options: options, memory: memory, spiFlash: storage.spiFlash)
      speed = unit.speed
      machine = Machine(uart: Uart(speed: speed, depth: Self.uBootDepth))
    case .w90(let options):
      firmware = W90Firmware(options: options, memory: memory)
      speed = W90Firmware.portSpeed(unit.speed)
      machine = Machine(uart: Uart(speed: speed, depth: options.portDepth))
    }
    setNoise(unit.noise)
    setFaults(unit.faults)
  }

  /// Rate of the port now.
  var portSpeed: Int { machine.uart.speed }

  var counters: UnitCounters {
    var counters = machine.counters
    counters.bytesOverrun = machine.uart.overruns
    return counters
  }

  mutating func setNoise(_ noise: LineNoise?) {
    noiseToHost = noise.flatMap { $0.direction == .toUnit ? nil : NoiseStage($0, salt: 0) }
    noiseToUnit = noise.flatMap { $0.direction == .toHost ? nil : NoiseStage($0, salt: 1) }
  }

  /// Begins with the faults of `plan` as if nothing had happened before; nil mends all.
  mutating func setFaults(_ plan: FaultPlan?) {
    faults = plan.map(LineFaultStage.init)
    machine.faults = MemoryFaults(plan, in: storage.memory.ranges)
    stallEnd = nil
    isAdapterGone = false
    isConsoleDead = false
  }

  /// Addresses of cells that are unstable, in order.
  var unstableCells: [UInt64] { machine.faults.cells }

  /// Gives power, or resets a unit that has it.
  mutating func reset() {
    isPowered = true
    forgetUnsent()
    machine.uart.speed = speed
    machine.resetRequested = false
    machine.counters.starts += 1
    storage.memory.loseWritten()
    firmware.reset(&machine)
  }

  /// Gives power and leaves out the boot: what was printed and typed so far lies in the past, before anybody listened.
  mutating func resume(typed: String = "") {
    isPowered = true
    machine.counters.starts += 1
    // Faults are counted from what somebody may have heard.
    let heldFaults = faults
    faults = nil
    defer { faults = heldFaults }
    firmware.resume()
    preload(typed)
    var unheard: [UInt8] = []
    while carry(1, now: 0, hostSpeed: 0, into: &unheard).1 == .busy {}
  }

  mutating func powerOff() {
    isPowered = false
    forgetUnsent()
    loseIncoming()
  }

  /// Characters on their way from the host get lost with its adapter.
  mutating func loseIncoming() { incoming = CharacterQueue() }

  private mutating func forgetUnsent() {
    machine.clearPort()
    faults?.forgetUnsent()
    stallEnd = nil
  }

  /// Characters that somebody typed before the host listened.
  mutating func preload(_ text: String) { machine.uart.preload(text.utf8) }

  /// Half a command as it waits at the prompt.
  var halfLine: String { firmware.halfLine }

  mutating func startFlood() { preload(firmware.flood) }

  /// Characters set out from the host.
  mutating func send(_ bytes: some Sequence<UInt8>) { incoming.append(bytes) }

  /// Why `carry` ended.
  enum Pause: Equatable {
    /// The characters of time given are used up.
    case busy
    /// Neither end has anything to say.
    case idle
    case sleeping(until: Nanoseconds)
    /// The adapter is gone; the unit goes on when there is one again, or none to hear it.
    case hungUp
  }

  /// Lets the time of at most `characters` characters pass, both ways at once; returns how much of it did.
  ///
  /// - Parameter now: the time when all of it has passed.
  /// - Parameter hostSpeed: what the host's end is set to in baud; 0 where unknown.
  mutating func carry(_ characters: Int, now: Nanoseconds, hostSpeed: Int, into output: inout [UInt8]) -> (Int, Pause) {
    guard isPowered else {
      loseIncoming()
      return (0, .idle)
    }
    mismatch = SpeedMismatch(unitSpeed: portSpeed, hostSpeed: hostSpeed)
    var left = characters
    while left > 0 {
      machine.now = max(machine.now, time(before: now, by: left - 1))
      if faults != nil, let pause = interruption(&left) { return (characters - left, pause) }
      if machine.uart.isSending {
        left -= transmit(left, into: &output)
        continue
      }
      machine.noteSent()
      let work = firmware.work(&machine)
      if machine.resetRequested { reset() }
      mismatch = SpeedMismatch(unitSpeed: portSpeed, hostSpeed: hostSpeed)
      guard work != .done, !machine.uart.isSending else { continue }
      if !incoming.isEmpty {
        deliver()
        left -= 1
      } else if case .sleeping(let until) = work, until <= now {
        // It is over before the time is that is to pass.
        left = min(left - 1, Int((now - until) / characterTime) + 1)
      } else {
        return (characters - left, pause(after: work))
      }
    }
    return (characters, .busy)
  }

  /// How long a character takes on the line now.
  private var characterTime: Nanoseconds { 10_000_000_000 / Nanoseconds(portSpeed) }

  private func time(before now: Nanoseconds, by characters: Int) -> Nanoseconds {
    now - min(now, Nanoseconds(characters) * characterTime)
  }

  private func pause(after work: Work) -> Pause {
    if case .sleeping(let until) = work { return .sleeping(until: until) }
    return .idle
  }

  /// While characters also come in, one goes out for each that comes.
  private mutating func transmit(_ limit: Int, into output: inout [UInt8]) -> Int {
    var count = incoming.isEmpty ? limit : 1
    if !incoming.isEmpty { deliver() }
    let quiet = faults?.quiet ?? count
    count = min(count, max(1, quiet))
    let before = output.count
    let sent = machine.uart.transmit(count, into: &output)
    machine.counters.bytesOut += sent
    if quiet < sent {
      suffer(&output)
    } else {
      faults?.skip(sent)
    }
    if mismatch != nil || noiseToHost != nil { disturb(&output, from: before) }
    return sent
  }

  /// Lets faults have their way with the character that is the last of the output.
  private mutating func suffer(_ output: inout [UInt8]) {
    guard let sent = output.popLast(), let (byte, events) = faults?.print(sent, &machine.counters.faults) else {
      return
    }
    output.append(byte)
    for event in events {
      switch event {
      case .interject(let line): machine.uart.interject(line)
      case .stall(let length): stallEnd = machine.now + length
      case .reset: reset()
      case .hangUp: isAdapterGone = true
      case .die: isConsoleDead = true
      }
    }
  }

  /// What a fault makes of the time that is left; nil where the unit goes on.
  private mutating func interruption(_ left: inout Int) -> Pause? {
    if isConsoleDead {
      loseIncoming()
      return .idle
    }
    if isAdapterGone {
      isAdapterGone = false
      loseIncoming()
      return .hungUp
    }
    guard let end = stallEnd else { return nil }
    guard machine.now < end else {
      stallEnd = nil
      return nil
    }
    while left > 0, !incoming.isEmpty {
      deliver()
      left -= 1
    }
    return left > 0 ? .sleeping(until: end) : .busy
  }

  private mutating func disturb(_ output: inout [UInt8], from start: Int) {
    let sent = Array(output[start...])
    let rate = portSpeed
    output.removeSubrange(start...)
    for byte in sent {
      let byte = mismatch?.garbled(byte) ?? byte
      if noiseToHost == nil {
        output.append(byte)
      } else {
        noiseToHost?.pass(byte, at: rate, &machine.counters.noise) { output.append($0) }
      }
    }
  }

  private mutating func deliver() {
    guard let sent = incoming.removeFirst() else { return }
    let drifted = faults?.receive(sent, &machine.counters.faults) ?? sent
    let byte = mismatch?.garbled(drifted) ?? drifted
    guard noiseToUnit != nil else { return receive(byte) }
    var arrived: [UInt8] = []
    let rate = portSpeed
    noiseToUnit?.pass(byte, at: rate, &machine.counters.noise) { arrived.append($0) }
    for byte in arrived { receive(byte) }
  }

  private mutating func receive(_ byte: UInt8) {
    machine.counters.bytesIn += 1
    machine.uart.receive(byte)
  }
}
