internal import RandomNumbers

/// The generator of Steele, Lea and Flood (OOPSLA 2014): the same draws from the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var numbers: SplitMix64

    /// Draws of one stream, e.g. of a user, under a seed.
    init(seed: UInt64, stream: UInt64) {
        numbers = SplitMix64(
            seed: SplitMix64.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
                ^ SplitMix64.mix(stream &* 0xD1B5_4A32_D192_ED03 &+ 1))
    }

    mutating func next() -> UInt64 { numbers.next() }

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
    mutating func unit() -> Double { numbers.unit() }

    /// Bytes, a seed and a purpose to 64 bits.
    static func hash(_ bytes: ArraySlice<UInt8>, seed: UInt64, purpose: UInt64) -> UInt64 {
        var state = SplitMix64.mix(seed ^ SplitMix64.mix(purpose))
        for byte in bytes { state = SplitMix64.mix((state ^ UInt64(byte)) &+ 0x9E37_79B9_7F4A_7C15) }
        return state
    }
}
