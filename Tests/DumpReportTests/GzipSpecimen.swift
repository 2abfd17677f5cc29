import CZlib

/// gzip streams made by hand around zlib's deflate, so that every form of header can be made. Source: RFC 1952 §2.3.
struct GzipSpecimen {
  /// What is packed.
  var content: [UInt8]
  /// Fields FEXTRA, FNAME and FCOMMENT.
  var hasFields = false
  /// Field FHCRC: the header's own CRC.
  var hasHeaderCRC = false
  /// 0: stored, 9: packed best.
  var level: Int32 = 9

  /// Whether repetitions are coded, too. A damaged distance may lead to an equal copy elsewhere, which is no damage.
  var codesRepetitions = true

  /// Text that packs well, the same in every run.
  static func text(_ count: Int) -> [UInt8] {
    var state: UInt32 = 1
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(ascii: "a") + UInt8(state >> 28)
    }
  }

  /// Header, deflated content, CRC and length.
  var bytes: [UInt8] { header + deflated + Self.little(crc) + Self.little(UInt32(content.count)) }

  /// Bytes of the header.
  var header: [UInt8] {
    let flags: UInt8 = (hasHeaderCRC ? 2 : 0) | (hasFields ? 4 | 8 | 16 : 0)
    var header: [UInt8] = [0x1F, 0x8B, 8, flags, 1, 2, 3, 4, 2, 3]
    if hasFields { header += [3, 0, 0x41, 0x42, 0x43] + Array("linux.bin\0".utf8) + Array("a comment\0".utf8) }
    if hasHeaderCRC { header += Self.little(UInt32(crc32_z(0, header, header.count))).prefix(2) }
    return header
  }

  private var crc: UInt32 { UInt32(crc32_z(0, content, content.count)) }

  private static func little(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private var deflated: [UInt8] {
    var input = content
    return input.withUnsafeMutableBufferPointer { input in
      var stream = z_stream()
      return withUnsafeMutablePointer(to: &stream) { stream in
        let strategy = codesRepetitions ? Z_DEFAULT_STRATEGY : Z_HUFFMAN_ONLY
        deflateInit2_(
          stream, level, Z_DEFLATED, -15, 8, strategy, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { deflateEnd(stream) }
        let room = Int(deflateBound(stream, UInt(input.count)))
        return [UInt8](unsafeUninitializedCapacity: room) { output, count in
          stream.pointee.next_in = input.baseAddress
          stream.pointee.avail_in = UInt32(input.count)
          stream.pointee.next_out = output.baseAddress
          stream.pointee.avail_out = UInt32(room)
          let code = deflate(stream, Z_FINISH)
          precondition(code == Z_STREAM_END, "deflate ended with \(code)")
          count = Int(stream.pointee.total_out)
        }
      }
    }
  }
}
