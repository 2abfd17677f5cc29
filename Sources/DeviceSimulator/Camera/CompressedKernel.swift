import CZlib

/// A kernel as flash holds it: a gzip stream (RFC 1952) of made-up but compressible data.
struct CompressedKernel: Sendable {
  let seed: UInt64

  /// Fixed header with one extra field of at least its own four bytes, and the eight bytes behind the deflate stream.
  private static let overhead = 10 + 2 + 4 + 8
  /// What a chunk of input can grow to, its flush marker and the stream's last block among it.
  private static let chunkRoom = chunkSize + 64
  private static let chunkSize = 8192

  /// A stream of exactly `length` bytes. What the data does not fill goes into the header's extra field, so that no
  /// padding stands behind the stream.
  func stream(length: Int) throws -> [UInt8] {
    let room = length - Self.overhead
    guard room >= Self.chunkRoom else {
      throw SimulatorError("a kernel of \(length) bytes is too small; allowed are \(Self.overhead + Self.chunkRoom) up")
    }
    let (deflated, checksum, plainCount) = try deflate(room: room)
    let filler = room - deflated.count
    var bytes: [UInt8] = [0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 3]
    bytes += littleEndian(UInt64(4 + filler), count: 2) + Array("BD".utf8) + littleEndian(UInt64(filler), count: 2)
    SeededWords(seed: ~seed).append(0, filler, to: &bytes)
    return bytes + deflated + littleEndian(UInt64(checksum), count: 4) + littleEndian(UInt64(plainCount), count: 4)
  }

  /// Raw deflate data of at most `room` bytes, within a chunk of it, with the CRC-32 and count of the plain bytes.
  private func deflate(room: Int) throws -> (bytes: [UInt8], checksum: UInt, plainCount: Int) {
    var stream = z_stream()
    let ready = deflateInit2_(
      &stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard ready == Z_OK else { throw SimulatorError("zlib cannot start a deflate stream: code \(ready)") }
    defer { deflateEnd(&stream) }
    var bytes: [UInt8] = []
    var checksum = crc32(0, nil, 0)
    var index = 0
    // Each chunk ends with a flush, so that the length so far is known exactly.
    while bytes.count + Self.chunkRoom < room {
      let chunk = plainChunk(index)
      checksum = crc32(checksum, chunk, UInt32(chunk.count))
      Self.run(&stream, chunk, flush: Z_SYNC_FLUSH, into: &bytes)
      index += 1
    }
    Self.run(&stream, [], flush: Z_FINISH, into: &bytes)
    return (bytes, UInt(checksum), index * Self.chunkSize)
  }

  private static func run(_ stream: inout z_stream, _ input: [UInt8], flush: Int32, into bytes: inout [UInt8]) {
    var input = input
    var output = [UInt8](repeating: 0, count: chunkRoom)
    let written = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        _ = CZlib.deflate(&stream, flush)
        return target.count - Int(stream.avail_out)
      }
    }
    bytes += output[..<written]
  }

  /// A chunk of the unpacked kernel: random stretches between repeated ones, about as compressible as machine code.
  private func plainChunk(_ index: Int) -> [UInt8] {
    var generator = SeededGenerator(seed: seed &+ UInt64(index))
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.chunkSize)
    while bytes.count < Self.chunkSize {
      let word = generator.next()
      for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift))) }
      let start = Int(word % UInt64(bytes.count))
      let length = min(Int(word >> 32 % 24), bytes.count - start)
      bytes.append(contentsOf: Array(bytes[start..<start + length]))
    }
    return Array(bytes.prefix(Self.chunkSize))
  }
}

/// The low `count` bytes of `number`, lowest first.
func littleEndian(_ number: UInt64, count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
}
