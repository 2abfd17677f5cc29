extension UBootFirmware {
  /// `mw[.b, .w, .l, .q] address value [count]`.
  mutating func writeMemory(_ words: [String]) {
    guard words.count > 2 else { return usage(.mw) }
    guard let width = width(of: words[0]) else { return fail() }
    let start = address(words[1]) &+ addressBase
    let count = words.count > 3 ? number(words[3]) : 1
    let word = inMemoryOrder(number(words[2]), width: width)
    for index in 0..<count {
      let place = masked(start &+ index &* UInt64(width))
      guard memory.write(word, at: place) else { return abort(at: place) }
    }
  }

  /// The bytes of a word as they stand in memory.
  func inMemoryOrder(_ word: UInt64, width: Int) -> [UInt8] {
    let bytes = littleEndian(word, count: width)
    return options.byteOrder == .little ? bytes : bytes.reversed()
  }

  /// An access to an address where nothing answers: registers, then a reset, as QEMU's boards print it.
  mutating func abort(at address: UInt64) {
    let registers = options.addressWidth == 32 ? armRegisters(address) : aarch64Registers(address)
    plan([.text(registers), .text("Resetting CPU ...\n\nresetting ...\n"), .reset])
  }

  private func armRegisters(_ address: UInt64) -> String {
    """
    data abort
    pc : [<47fb2824>]\t   lr : [<47fb2754>]
    reloc pc : [<0007a824>]\t   lr : [<0007a754>]
    sp : 46df7c38  ip : 46df7b44\t fp : 00000010
    r10: 00000000  r9 : 46ef7eb0\t r8 : \(padded(address))
    r7 : 00000010  r6 : 46df7cc1\t r5 : 00000001  r4 : 00000010
    r3 : 46df7cb8  r2 : 00000002\t r1 : 47fd16df  r0 : 00000009
    Flags: Nzcv  IRQs off  FIQs off  Mode SVC_32
    Code: e59d2004 e0866000 e28aa001 eaffffd1 (e5d83000)\u{20}

    """
  }

  private func aarch64Registers(_ address: UInt64) -> String {
    let digits = String(address, radix: 16)
    let wide = String(repeating: "0", count: 16 - digits.count) + digits
    return """
      "Synchronous Abort" handler, esr 0x96000010
      elr: 000000000008115c lr : 0000000000081054 (reloc)
      elr: 0000000047f7815c lr : 0000000047f78054
      x20: 0000000000000001 x21: 0000000000000010
      x22: \(wide) x23: 0000000047fa830e

      Code: 794002c3 92403c63 78397b43 17ffffee (394002c3)\u{20}

      """
  }
}
