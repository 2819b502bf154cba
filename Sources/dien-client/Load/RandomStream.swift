/// The generator of Steele, Lea and Flood (OOPSLA 2014): the same numbers for the same seed everywhere, and a start
/// that costs nothing, so that each user of a synthetic load can have a stream of its own.
struct RandomStream: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// The stream of one of many things under a seed: neighbouring numbers share nothing.
    init(seed: UInt64, of number: UInt64) {
        var mixer = RandomStream(seed: seed ^ (number &* 0xD1B5_4A32_D192_ED03))
        state = mixer.next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Uniform in 0..<1, of 53 bits.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
