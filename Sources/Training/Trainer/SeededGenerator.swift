internal import RandomNumbers

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

    private var numbers: SplitMix64

    /// The numbers of one purpose at one place of the training, such as epoch and batch.
    init(seed: UInt64, _ purpose: Purpose, _ place: Int...) {
        numbers = SplitMix64(seed: seed)
        for part in [purpose.rawValue] + place.map({ UInt64(truncatingIfNeeded: $0) }) {
            numbers = SplitMix64(seed: numbers.next() ^ part)
        }
    }

    mutating func next() -> UInt64 { numbers.next() }
}
