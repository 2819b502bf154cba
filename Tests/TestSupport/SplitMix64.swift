/// The generator of Steele, Lea and Flood (OOPSLA 2014): small, and the same numbers for the same seed everywhere, so
/// that what a test drew at random is drawn again from the seed that it printed.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// A generator that starts from this seed.
    public init(seed: UInt64) { state = seed }

    /// A generator whose seed is told under this name.
    public static func printed(_ name: String, seed: UInt64 = 20_261_124) -> SplitMix64 {
        print("\(name): seed \(seed)")
        return SplitMix64(seed: seed)
    }

    /// The next number.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
