/// 128 bits of a history, under a secret key.
struct HistoryDigest: Hashable, Sendable {
    let low: UInt64
    let high: UInt64
}

/// SipHash-2-4 with 128 bits of output (Aumasson and Bernstein, 2012), over 64-bit words: a keyed function whose values
/// nobody without the key can steer, and which goes on from where it stands, so that one pass over a history gives the
/// digests of all its beginnings.
struct HistoryHasher: Sendable {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64
    private var words: UInt64 = 0

    /// A hasher of nothing yet.
    init(key: (UInt64, UInt64)) {
        v0 = key.0 ^ 0x736f_6d65_7073_6575
        v1 = key.1 ^ 0x646f_7261_6e64_6f6d ^ 0xee
        v2 = key.0 ^ 0x6c79_6765_6e65_7261
        v3 = key.1 ^ 0x7465_6462_7974_6573
    }

    /// Takes the next word, as eight bytes with the lowest first.
    mutating func append(_ word: UInt64) {
        v3 ^= word
        round()
        round()
        v0 ^= word
        words &+= 1
    }

    /// Of the words so far.
    var digest: HistoryDigest {
        var end = self
        // The last block has the length in bytes, of which there are whole words here.
        end.append((words &* 8) << 56)
        end.v2 ^= 0xee
        for _ in 0..<4 { end.round() }
        let low = end.v0 ^ end.v1 ^ end.v2 ^ end.v3
        end.v1 ^= 0xdd
        for _ in 0..<4 { end.round() }
        return HistoryDigest(low: low, high: end.v0 ^ end.v1 ^ end.v2 ^ end.v3)
    }

    private mutating func round() {
        v0 &+= v1
        v1 = (v1 << 13 | v1 >> 51) ^ v0
        v0 = v0 << 32 | v0 >> 32
        v2 &+= v3
        v3 = (v3 << 16 | v3 >> 48) ^ v2
        v0 &+= v3
        v3 = (v3 << 21 | v3 >> 43) ^ v0
        v2 &+= v1
        v1 = (v1 << 17 | v1 >> 47) ^ v2
        v2 = v2 << 32 | v2 >> 32
    }
}
