/// The Fowler–Noll–Vo hash, variant 1a, 32 bits.
enum FNV1a {
    static func hash32(_ bytes: [UInt8]) -> UInt32 {
        var hash: UInt32 = 0x811C_9DC5
        for byte in bytes { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        return hash
    }

    /// A number's decimal digits in ASCII, which GrowthBook's version 2 hashes once more.
    static func decimal(_ number: UInt32) -> [UInt8] {
        Array(String(number).utf8)
    }
}
