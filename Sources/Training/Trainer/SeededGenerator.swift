/// Random numbers that depend on a seed and on what they are for, and on nothing that was drawn before: a run that is
/// taken up in the middle of an epoch draws what the uninterrupted one would have drawn there.
///
/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), started from a mix of the seed, the purpose and the place.
struct SeededGenerator: RandomNumberGenerator {
    /// What numbers are for: each purpose has its own.
    enum Purpose: UInt64 {
        /// The order of an epoch's samples and batches.
        case order = 1
        /// The auxiliary loss's negatives.
        case negatives = 2
    }

    private var state: UInt64

    /// The numbers of one purpose at one place of the training, such as epoch and batch.
    init(seed: UInt64, _ purpose: Purpose, _ place: Int...) {
        state = seed
        for part in [purpose.rawValue] + place.map({ UInt64(truncatingIfNeeded: $0) }) {
            state = next() ^ part
        }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
