/// MurmurHash3, x86, 32 bits (Austin Appleby).
enum Murmur3 {
    static func hash32(_ bytes: [UInt8], seed: UInt32) -> UInt32 {
        var hash = seed
        let tail = bytes.count & ~3
        for start in stride(from: 0, to: tail, by: 4) {
            let block = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
            hash ^= scrambled(block)
            hash = (hash << 13 | hash >> 19) &* 5 &+ 0xE654_6B64
        }
        if tail < bytes.count {
            hash ^= scrambled(bytes[tail...].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        }
        return finalized(hash ^ UInt32(truncatingIfNeeded: bytes.count))
    }

    private static func scrambled(_ block: UInt32) -> UInt32 {
        let product = block &* 0xCC9E_2D51
        return (product << 15 | product >> 17) &* 0x1B87_3593
    }

    /// Lets every input bit reach every output bit.
    private static func finalized(_ hash: UInt32) -> UInt32 {
        var hash = hash
        hash = (hash ^ hash >> 16) &* 0x85EB_CA6B
        hash = (hash ^ hash >> 13) &* 0xC2B2_AE35
        return hash ^ hash >> 16
    }
}
