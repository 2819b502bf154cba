public import Experiment
public import Messages

extension CountersResponse {
    /// What a server tells: itself, and what it has counted.
    public init(_ server: ServerTally.Server, _ models: [ModelTally], _ feedback: Experiment.FeedbackCounts) {
        self.init(
            models: models.map(ModelCounters.init), attributionWindowMilliseconds: server.windowMilliseconds,
            feedback: Messages.FeedbackCounts(feedback), registryEpoch: server.epoch,
            serverVersion: server.version, startUnixMilliseconds: server.startUnixMilliseconds,
            unixMilliseconds: server.unixMilliseconds)
    }
}

extension ModelCounters {
    fileprivate init(_ tally: ModelTally) {
        self.init(
            model: tally.model,
            experiments: tally.experiments.map { experiment in
                ExperimentCounters(
                    experiment: experiment.experiment, running: experiment.isRunning,
                    arms: experiment.arms.map(Messages.ArmCounters.init))
            },
            shadows: tally.shadows.sorted { $0.key.order < $1.key.order }.map {
                ShadowCounters($0.key, $0.value)
            })
    }
}

extension ModelTally.ShadowKey {
    /// By version, segment and champion, so that equal counts have equal bytes.
    fileprivate var order: (UInt64, UInt64, String) { (version, championVersion, segment.description) }
}

extension Messages.ArmCounters {
    fileprivate init(_ tally: ArmTally) {
        self.init(
            arm: tally.name, version: tally.version, digest: tally.digest, weight: tally.weight,
            control: tally.isControl, sums: BucketSums(tally.counters),
            units: Messages.UnitSample(tally.units),
            open: OpenOutcomes(tally.open),
            armGuard: tally.guards.first.map(Messages.ArmGuard.init) ?? ArmGuard(),
            scores: Messages.ScoreHistogram(tally.counters.scores))
    }
}

extension Messages.ScoreHistogram {
    fileprivate init(_ histogram: Experiment.ScoreHistogram) {
        let (places, counts) = histogram.sparse
        self.init(places: places.map { UInt32($0) }, counts: counts.map { Int32($0) })
    }
}

extension BucketSums {
    /// The field of each quantity.
    static let fields:
        [(
            quantity: Experiment.ArmCounters.Quantity,
            field: any WritableKeyPath<BucketSums, [Double]> & Sendable
        )] =
            [
                (.requests, \.requests), (.candidates, \.candidates), (.impressions, \.impressions),
                (.clicks, \.clicks),
                (.conversions, \.conversions), (.predictedClicks, \.predictedClicks), (.logLoss, \.logLoss),
                (.revenue, \.revenue), (.cost, \.cost), (.errors, \.errors), (.overBudget, \.overBudget),
                (.fallbacks, \.fallbacks), (.nonFinite, \.nonFinite),
            ]

    fileprivate init(_ counters: Experiment.ArmCounters) {
        self.init()
        for (quantity, field) in Self.fields {
            let sums = counters[quantity]
            if sums.contains(where: { $0 != 0 }) { self[keyPath: field] = sums }
        }
    }
}

extension Messages.UnitSample {
    /// Nothing where nothing was seen.
    fileprivate init(_ sample: Experiment.UnitSample) {
        self.init()
        guard !sample.hashes.isEmpty || sample.level > 0 else { return }
        level = UInt32(sample.level)
        capacity = UInt32(sample.capacity)
        hashes = sample.hashes.sorted()
    }
}

extension OpenOutcomes {
    /// The field of each quantity.
    static let fields:
        [(
            quantity: Experiment.ArmCounters.Quantity,
            field: any WritableKeyPath<OpenOutcomes, Double> & Sendable
        )] =
            [
                (.impressions, \.impressions), (.clicks, \.clicks), (.conversions, \.conversions),
                (.predictedClicks, \.predictedClicks), (.logLoss, \.logLoss), (.revenue, \.revenue),
                (.cost, \.cost),
            ]

    fileprivate init(_ open: ArmTally.Open) {
        self.init()
        for (quantity, field) in Self.fields { self[keyPath: field] = open[quantity] }
    }
}

extension Messages.ArmGuard {
    fileprivate init(_ armGuard: Experiment.ArmGuard) {
        let state: GuardState =
            switch armGuard.state {
            case .unwatched: .unspecified
            case .closed: .closed
            case .open: .open
            case .probing: .probing
            case .tripped: .tripped
            }
        self.init(
            state: state, reason: armGuard.reason, sinceUnixMilliseconds: armGuard.sinceUnixMilliseconds)
    }
}

extension ShadowCounters {
    fileprivate init(_ key: ModelTally.ShadowKey, _ comparison: ShadowComparison) {
        let sums = comparison.sums
        self.init(
            version: key.version, championVersion: key.championVersion,
            dimension: key.segment.dimension.rawValue, segment: key.segment.label,
            requests: UInt64(sums.requests), failures: UInt64(sums.failures), pairs: UInt64(sums.pairs),
            changedTops: UInt64(sums.changedTops), logitSum: sums.logitSum, tauSum: sums.tauSum,
            tauCount: UInt64(sums.tauCount), overlapSum: sums.overlapSum,
            championSeconds: sums.championSeconds,
            candidateSeconds: sums.candidateSeconds, bins: sums.pairs == 0 ? [] : sums.bins.map(UInt64.init),
            nonFinite: UInt64(sums.nonFinite))
    }
}
