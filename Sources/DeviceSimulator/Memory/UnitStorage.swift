/// All bytes that a unit holds.
struct UnitStorage: Sendable {
  /// The address space.
  let memory: UnitMemory
  /// The SPI NOR flash, from 0 up.
  let spiFlash: UnitMemory?

  /// Makes the content of `unit`; throws where that cannot be had.
  init(_ unit: SimulatedUnit) throws {
    memory = try UnitMemory(unit.memory)
    guard case .uBoot(let options) = unit.loader, let flash = options.spiFlash else {
      spiFlash = nil
      return
    }
    spiFlash = try UnitMemory([MemoryArea(address: 0, size: flash.size, content: flash.content)])
  }
}
