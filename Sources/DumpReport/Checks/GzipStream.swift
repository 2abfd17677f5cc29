import CZlib

/// Unpacks gzip streams to their ends, throws the output away, and tells how they ended.
///
/// zlib checks each stream's own CRC and length (RFC 1952 §2.3.1). Memory is one window and one output buffer.
struct GzipStream: ~Copyable {
  /// How a stream ended.
  enum Ending: Equatable {
    /// Its end was reached; its CRC and its length are right.
    case whole
    /// It breaks the format, with zlib's words for it.
    case damaged(String)
    /// The input ended first.
    case truncated
    /// More input or output than allowed.
    case tooLong
  }

  /// What unpacking came to.
  struct Outcome: Equatable {
    var ending: Ending
    /// Bytes of input used.
    var consumed: Int
    /// Bytes of output made.
    var unpacked: Int
  }

  /// How much work unpacking may be.
  struct Budget {
    /// Bytes of input.
    var input: Int
    /// Bytes of output.
    var output: Int
  }

  // zlib keeps the stream's address inside its state, so the stream must not move: no inout of a Swift variable.
  private let stream: UnsafeMutablePointer<z_stream>
  private var output = [UInt8](repeating: 0, count: 1 << 16)

  /// Prepares zlib for gzip streams; absent where it gets no memory.
  init?() {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15: the largest window; 16 more: gzip headers and trailers, and nothing else.
    let code = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else {
      stream.deallocate()
      return nil
    }
    self.stream = stream
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Unpacks the stream that begins at the input's start.
  mutating func unpack(_ input: Span<UInt8>, within budget: Budget) -> Outcome {
    inflateReset(stream)
    let allowed = min(input.count, budget.input, Int(UInt32.max))
    let ending = input.withUnsafeBufferPointer { bytes in
      stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
      stream.pointee.avail_in = UInt32(allowed)
      defer { stream.pointee.next_in = nil }
      return inflateToEnd(limit: budget.output, ranShort: allowed < input.count ? .tooLong : .truncated)
    }
    return Outcome(ending: ending, consumed: Int(stream.pointee.total_in), unpacked: Int(stream.pointee.total_out))
  }

  private mutating func inflateToEnd(limit: Int, ranShort: Ending) -> Ending {
    while stream.pointee.total_out <= limit {
      let code = output.withUnsafeMutableBufferPointer { room in
        stream.pointee.next_out = room.baseAddress
        stream.pointee.avail_out = UInt32(room.count)
        return inflate(stream, Z_NO_FLUSH)
      }
      switch code {
      case Z_OK: continue
      case Z_STREAM_END: return .whole
      // All output was taken, so a lack of room can only be a lack of input.
      case Z_BUF_ERROR: return ranShort
      default: return .damaged(stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(code)")
      }
    }
    return .tooLong
  }
}
