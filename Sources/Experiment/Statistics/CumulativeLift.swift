/// How a relative gain settles as units come in: Σ gain / Σ base over the first units, with the confidence sequence, which
/// holds at all looks at once.
public struct CumulativeLift: Sendable, Equatable {
    /// One look.
    public struct Look: Sendable, Equatable {
        /// Units so far.
        public let units: Int
        /// Σ gain / Σ base of them.
        public let lift: Double
        /// Where the lift of all units to come lies, at every look.
        public let interval: ConfidenceInterval
    }

    /// In rising order of units, the last one over all of them.
    public let looks: [Look]

    /// Gains and bases of units in the order in which they are looked at. Variances are those of ``BucketRatio``, a unit a
    /// bucket, from running sums; the first look is at `first` units, when the normal approximation has something to stand
    /// on. Precondition: a gain and a base a unit, at least one look.
    public init(
        gains: [Double], bases: [Double], sequence: ConfidenceSequence, looks limit: Int = 120,
        first: Int = 50
    ) {
        precondition(gains.count == bases.count && limit > 0, "a gain and a base a unit")
        var looks: [Look] = []
        var sums = Sums()
        let count = gains.count
        for unit in 0..<count {
            sums.add(gains[unit], bases[unit])
            let units = unit + 1
            let isLook = units == count || units * limit / count > unit * limit / count
            guard isLook, units >= min(first, count), let estimate = sums.ratio,
                let interval = sequence.interval(of: estimate, count: Double(units))
            else { continue }
            looks.append(Look(units: units, lift: estimate.value, interval: interval))
        }
        self.looks = looks
    }

    private struct Sums {
        var count = 0.0
        var y = 0.0
        var x = 0.0
        var yy = 0.0
        var xy = 0.0
        var xx = 0.0

        mutating func add(_ gain: Double, _ base: Double) {
            count += 1
            y += gain
            x += base
            yy += gain * gain
            xy += gain * base
            xx += base * base
        }

        /// R = ΣY / ΣX with Var(R) = Σ (Y - R X)² / (n - 1) · n / (ΣX)².
        var ratio: Estimate? {
            guard count > 1, x > 0 else { return nil }
            let ratio = y / x
            let squares = max(0, yy - 2 * ratio * xy + ratio * ratio * xx)
            return Estimate(value: ratio, variance: squares / (count - 1) * count / (x * x))
        }
    }
}

extension CumulativeLift {
    /// The relative gain in log loss of `second` over `first`, user by user, in an order of users that is fixed by a hash of
    /// their numbers: neither the file's order nor chance. Throws for other samples and for what are no probabilities.
    public init(
        logLossOf first: LabelledScores, _ second: LabelledScores, users: [Int], alpha: Double = 0.05,
        looks: Int = 120
    ) throws(MetricError) {
        try first.checkSameSamples(as: second)
        try first.checkProbabilities()
        try second.checkProbabilities()
        let groups = SampleGroups(users)
        try first.check(groups)
        let (one, two) = (LogLoss.losses(first), LogLoss.losses(second))
        let gains = groups.sums { one[$0] - two[$0] }
        let bases = groups.sums { one[$0] }
        var numbers = [Int](repeating: 0, count: groups.count)
        for (sample, group) in groups.indices.enumerated() { numbers[group] = users[sample] }
        let hashes = numbers.map { Murmur3.hash32(Array(String($0).utf8), seed: 0) }
        let order = numbers.indices.sorted {
            hashes[$0] != hashes[$1] ? hashes[$0] < hashes[$1] : numbers[$0] < numbers[$1]
        }
        self.init(
            gains: order.map { gains[$0] }, bases: order.map { bases[$0] },
            sequence: ConfidenceSequence(alpha: alpha, tuning: Double(max(groups.count, 1))), looks: looks,
            // The band of the first few is so wide that nothing else could be seen beside it.
            first: max(50, groups.count / 20))
    }
}
