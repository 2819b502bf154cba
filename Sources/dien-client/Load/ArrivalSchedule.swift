import RandomNumbers
import Foundation

/// When the calls of an open loop are meant to start, in nanoseconds from the begin of the load.
struct ArrivalSchedule {
    /// The distances between arrivals.
    enum Spacing: Equatable {
        /// All the same.
        case even
        /// Exponential: callers who know nothing of each other.
        case poisson(seed: UInt64)
    }

    private let gap: Double
    private let offset: Double
    private var random: SplitMix64?
    private var count = 0.0
    private var elapsed = 0.0
    /// The next arrival.
    private(set) var upcoming: UInt64 = 0

    /// `rate` arrivals a second. Worker `share` of `shares`, which run side by side, gets its part of them.
    init(rate: Double, spacing: Spacing, share: Int = 0, of shares: Int = 1) {
        gap = 1e9 / rate * Double(shares)
        offset = 1e9 / rate * Double(share)
        if case .poisson(let seed) = spacing { random = SplitMix64(seed: seed, of: UInt64(share)) }
        place()
    }

    /// Goes on to the arrival after this one.
    mutating func advance() {
        count += 1
        place()
    }

    private mutating func place() {
        if random != nil {
            // Independent Poisson processes add up to one of the sum of their rates.
            elapsed -= log(1 - (random?.unit() ?? 0)) * gap
            upcoming = UInt64(elapsed)
        } else {
            // From the index, so that nothing adds up to a drift.
            upcoming = UInt64(offset + count * gap)
        }
    }
}
