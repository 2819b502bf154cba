/// The generator of Steele, Lea and Flood (OOPSLA 2014): the same draws from the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// Draws of one stream, e.g. of a user, under a seed.
    init(seed: UInt64, stream: UInt64) {
        state = Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15) ^ Self.mix(stream &* 0xD1B5_4A32_D192_ED03 &+ 1)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// Uniform in 0..<limit, without the bias of a remainder (Lemire 2019).
    mutating func below(_ limit: Int) -> Int {
        let bound = UInt64(limit)
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
        }
        return Int(product.high)
    }

    /// Uniform in 0..<1.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Bytes, a seed and a purpose to 64 bits.
    static func hash(_ bytes: ArraySlice<UInt8>, seed: UInt64, purpose: UInt64) -> UInt64 {
        var state = mix(seed ^ mix(purpose))
        for byte in bytes { state = mix((state ^ UInt64(byte)) &+ 0x9E37_79B9_7F4A_7C15) }
        return state
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
