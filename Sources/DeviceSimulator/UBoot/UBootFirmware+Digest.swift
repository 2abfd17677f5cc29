import CZlib
import Crypto

extension UBootFirmware {
  private static let pieceSize = 1 << 20

  /// `crc32 A N [D]`, `md5sum A N`, `sha1sum A N`, `hash ALGORITHM A N`.
  mutating func digest(_ command: UBootCommand, _ words: [String], _ machine: inout Machine) {
    let arguments = command == .hash ? Array(words.dropFirst(2)) : Array(words.dropFirst())
    guard arguments.count >= 2 else { return usage(command) }
    let algorithm = command == .hash ? words[1].lowercased() : command.algorithm
    let start = masked(address(arguments[0]) &+ addressBase)
    let count = number(arguments[1])
    guard let digest = Digest(algorithm) else {
      usage(.hash)
      return plan([.text("Unknown hash algorithm '\(words[1])'\n")])
    }
    guard let truth = result(of: digest, start, count, &machine) else { return abort(at: start) }
    let request = DigestRequest(algorithm: algorithm, start: start, count: count)
    guard case .answer(let result, let delay) = machine.faults.answer(truth, request, &machine.counters.faults) else {
      return plan([.reset])
    }
    machine.counters.bytesDigested += Int(clamping: count)
    let name = options.digestText == .old ? algorithm.uppercased() : algorithm
    let last = masked(start &+ count &- 1)
    let hexText = result.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    if command == .crc32, arguments.count > 2 { save(result, at: address(arguments[2])) }
    plan([.pause(delay), .text("\(name) for \(padded(start)) ... \(padded(last)) ==> \(hexText)\n")])
  }

  /// Puts a CRC into memory as a word of the CPU.
  private mutating func save(_ checksum: [UInt8], at target: UInt64) {
    let word = inMemoryOrder(checksum.reduce(0) { $0 << 8 | UInt64($1) }, width: 4)
    if !memory.write(word, at: target) { abort(at: target) }
  }

  /// The digest of a range, or nil where a part of it is unmapped.
  private func result(of digest: Digest, _ start: UInt64, _ count: UInt64, _ machine: inout Machine) -> [UInt8]? {
    var digest = digest
    var done: UInt64 = 0
    while done < count {
      let part = Int(min(count - done, UInt64(Self.pieceSize)))
      guard var bytes = memory.bytes(at: masked(start &+ done), count: part) else { return nil }
      machine.faults.disturb(&bytes, at: masked(start &+ done), &machine.counters.faults)
      digest.update(bytes)
      done += UInt64(part)
    }
    return digest.finish()
  }
}

extension UBootCommand {
  /// What the digest command computes.
  fileprivate var algorithm: String {
    switch self {
    case .md5sum: "md5"
    case .sha1sum: "sha1"
    default: "crc32"
    }
  }
}

/// A digest in the making.
private enum Digest {
  case crc32(UInt)
  case md5(Insecure.MD5)
  case sha1(Insecure.SHA1)
  case sha256(SHA256)

  init?(_ algorithm: String) {
    switch algorithm {
    case "crc32": self = .crc32(UInt(CZlib.crc32(0, nil, 0)))
    case "md5": self = .md5(Insecure.MD5())
    case "sha1": self = .sha1(Insecure.SHA1())
    case "sha256": self = .sha256(SHA256())
    default: return nil
    }
  }

  mutating func update(_ bytes: [UInt8]) {
    switch self {
    case .crc32(let checksum): self = .crc32(UInt(CZlib.crc32(checksum, bytes, UInt32(bytes.count))))
    case .md5(var hash):
      hash.update(data: bytes)
      self = .md5(hash)
    case .sha1(var hash):
      hash.update(data: bytes)
      self = .sha1(hash)
    case .sha256(var hash):
      hash.update(data: bytes)
      self = .sha256(hash)
    }
  }

  /// The digest as printed, first byte first.
  func finish() -> [UInt8] {
    switch self {
    case .crc32(let checksum): littleEndian(UInt64(checksum), count: 4).reversed()
    case .md5(let hash): Array(hash.finalize())
    case .sha1(let hash): Array(hash.finalize())
    case .sha256(let hash): Array(hash.finalize())
    }
  }
}
