/// Random numbers in -1 ..< 1 that can be had in any order: number i of a stream is a function of the seed, the stream's
/// name and i, the same on every machine.
///
/// It is output i of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), which is counter-based, started at a mix of the seed
/// and the name's 64-bit FNV-1a hash; the upper 24 bits make the float.
struct UniformStream {
    private let start: UInt64
    private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

    init(seed: UInt64, _ name: String) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        start = Self.mix(seed &+ Self.increment) ^ hash
    }

    subscript(index: Int) -> Float {
        let bits = Self.mix(start &+ (UInt64(truncatingIfNeeded: index) &+ 1) &* Self.increment)
        return Float(bits >> 40) * 0x1p-23 - 1
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
