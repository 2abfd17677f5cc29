import TestSupport

/// What differs between two flashes: a share of blocks, drawn at random, and so many bytes at a place in each.
struct FlashChange {
  /// Of all blocks, 0 to 1.
  var share: Double
  /// Bytes of a block.
  var block: Int
  /// Bytes that differ in a block.
  var bytes: Int
  var seed: UInt64

  init(share: Double, of block: Int, bytes: Int, seed: UInt64) {
    self.share = share
    self.block = block
    self.bytes = bytes
    self.seed = seed
  }

  /// The other flash.
  func applied(to content: [UInt8]) -> [UInt8] {
    var random = SplitMix64(state: seed)
    var content = content
    let blocks = (0..<content.count / block).shuffled(using: &random)
    for index in blocks.prefix(Int((share * Double(blocks.count)).rounded())) {
      let place = index * block + Int.random(in: 0...block - bytes, using: &random)
      // No byte stays as it was.
      for offset in place..<place + bytes { content[offset] ^= UInt8.random(in: 1...255, using: &random) }
    }
    return content
  }
}
