import CZlib

/// Compresses into one gzip stream, quickly rather than well: dumped memory in hex shrinks by half at any level.
struct DeflateStream: ~Copyable {
  private static let level: Int32 = 1
  /// zlib's own default.
  private static let memory: Int32 = 8

  // zlib keeps the stream's address inside its state, so the stream must not move: no inout of a Swift variable.
  private let stream: UnsafeMutablePointer<z_stream>
  private var output = [UInt8](repeating: 0, count: 1 << 16)

  /// Prepares zlib; absent where it gets no memory.
  init?() {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15: the largest window; 16 more: a gzip header and trailer (RFC 1952), so that zcat reads it.
    let code = deflateInit2_(
      stream, Self.level, Z_DEFLATED, 15 + 16, Self.memory, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else {
      stream.deallocate()
      return nil
    }
    self.stream = stream
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// Takes the next bytes and returns what zlib has ready; with the last, all that is left.
  mutating func compress(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
    var compressed: [UInt8] = []
    bytes.withUnsafeBufferPointer { input in
      stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.pointee.avail_in = UInt32(input.count)
      defer { stream.pointee.next_in = nil }
      // A full output buffer means that there may be more of it.
      repeat {
        output.withUnsafeMutableBufferPointer { room in
          stream.pointee.next_out = room.baseAddress
          stream.pointee.avail_out = UInt32(room.count)
          // With valid arguments deflate can only say that it goes on or is done: memory is had at the start.
          _ = deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
        }
        compressed += output.prefix(output.count - Int(stream.pointee.avail_out))
      } while stream.pointee.avail_out == 0
    }
    return compressed
  }
}
