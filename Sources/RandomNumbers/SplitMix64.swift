/// The generator of Steele, Lea and Flood (OOPSLA 2014): the same numbers for the same seed on every machine, and a start that
/// costs nothing, so that each user, batch or epoch can have a stream of its own.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15
    private var state: UInt64

    /// The stream of a seed.
    public init(seed: UInt64) { state = seed }

    /// The stream of one of many things under a seed: neighbouring numbers share nothing.
    public init(seed: UInt64, of number: UInt64) {
        state = Self.mix((seed ^ (number &* 0xD1B5_4A32_D192_ED03)) &+ Self.step)
    }

    /// The next number.
    public mutating func next() -> UInt64 {
        state &+= Self.step
        return Self.mix(state)
    }

    /// Uniform in 0..<1, of 53 bits.
    public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// 64 bits to 64 bits, each of which depends on all of them.
    public static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
