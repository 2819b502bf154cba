public import Experiment
public import Messages

extension ServerTally {
    /// What a server tells, checked: every number finite, every length what it has to be. Throws what cannot be, and where.
    public init(_ response: CountersResponse) throws(TallyError) {
        var models: [ModelTally] = []
        for model in response.models { models.append(try ModelTally(model)) }
        self.init(
            servers: [
                Server(
                    epoch: response.registryEpoch, version: response.serverVersion,
                    startUnixMilliseconds: response.startUnixMilliseconds,
                    unixMilliseconds: response.unixMilliseconds,
                    windowMilliseconds: response.attributionWindowMilliseconds)
            ], models: models, feedback: Experiment.FeedbackCounts(response.feedback))
    }
}

extension ModelTally {
    fileprivate init(_ message: ModelCounters) throws(TallyError) {
        self.init(model: message.model, experiments: [])
        for counters in message.experiments {
            var arms: [ArmTally] = []
            for arm in counters.arms { arms.append(try ArmTally(arm, of: message.model)) }
            experiments.append(
                ExperimentTally(experiment: counters.experiment, isRunning: counters.running, arms: arms))
        }
        for shadow in message.shadows {
            let (key, comparison) = try ModelTally.comparison(shadow, of: message.model)
            shadows[key] = shadows[key].map { $0 + comparison } ?? comparison
        }
    }

    private static func comparison(
        _ message: ShadowCounters, of model: String
    ) throws(TallyError) -> (ShadowKey, ShadowComparison) {
        let what = "shadow of version \(message.version), \(message.dimension) \(message.segment)"
        guard let dimension = ShadowSegment.Dimension(rawValue: message.dimension),
            let sums = ShadowComparison.Sums(message), let comparison = ShadowComparison(sums)
        else { throw .impossible(model: model, what: what) }
        return (
            ShadowKey(
                version: message.version, championVersion: message.championVersion,
                segment: ShadowSegment(dimension: dimension, label: message.segment)), comparison
        )
    }
}

extension ArmTally {
    fileprivate init(_ message: Messages.ArmCounters, of model: String) throws(TallyError) {
        var sums: [Experiment.ArmCounters.Quantity: [Double]] = [:]
        for (quantity, field) in BucketSums.fields { sums[quantity] = message.sums[keyPath: field] }
        guard
            let scores = Experiment.ScoreHistogram(
                places: message.scores.places.map { Int($0) }, counts: message.scores.counts.map { Int($0) })
        else { throw .impossible(model: model, what: "scores of arm \(message.arm)") }
        guard let counters = Experiment.ArmCounters(sums, scores: scores) else {
            throw .impossible(model: model, what: "sums of arm \(message.arm)")
        }
        guard let units = Experiment.UnitSample(message.units) else {
            throw .impossible(model: model, what: "units of arm \(message.arm)")
        }
        var open: [Experiment.ArmCounters.Quantity: Double] = [:]
        for (quantity, field) in OpenOutcomes.fields where message.open[keyPath: field] != 0 {
            open[quantity] = message.open[keyPath: field]
        }
        guard open.values.allSatisfy(\.isFinite) else {
            throw .impossible(model: model, what: "open outcomes of arm \(message.arm)")
        }
        self.init(
            name: message.arm, version: message.version, digest: message.digest, weight: message.weight,
            isControl: message.control, counters: counters, units: units, open: Open(open),
            guards: [Experiment.ArmGuard(message.armGuard)])
    }
}

extension Experiment.UnitSample {
    /// The largest sample that is taken from another server.
    private static let largestCapacity: UInt32 = 1 << 20

    fileprivate init?(_ message: Messages.UnitSample) {
        if message == Messages.UnitSample() {
            self.init()
            return
        }
        guard message.capacity <= Self.largestCapacity, message.level <= 64 else { return nil }
        self.init(capacity: Int(message.capacity), level: Int(message.level), hashes: message.hashes)
    }
}

extension Experiment.ArmGuard {
    fileprivate init(_ message: Messages.ArmGuard) {
        let state: State =
            switch message.state {
            case .unspecified: .unwatched
            case .closed: .closed
            case .open: .open
            case .probing: .probing
            case .tripped: .tripped
            }
        self.init(state, reason: message.reason, sinceUnixMilliseconds: message.sinceUnixMilliseconds)
    }
}

extension ShadowComparison.Sums {
    /// Nil where a count does not fit a number of this program.
    fileprivate init?(_ message: ShadowCounters) {
        self.init()
        guard let requests = Int(exactly: message.requests), let failures = Int(exactly: message.failures),
            let pairs = Int(exactly: message.pairs), let changedTops = Int(exactly: message.changedTops),
            let tauCount = Int(exactly: message.tauCount), let nonFinite = Int(exactly: message.nonFinite)
        else { return nil }
        (self.requests, self.failures, self.pairs) = (requests, failures, pairs)
        (self.changedTops, self.tauCount, self.nonFinite) = (changedTops, tauCount, nonFinite)
        (logitSum, tauSum, overlapSum) = (message.logitSum, message.tauSum, message.overlapSum)
        (championSeconds, candidateSeconds) = (message.championSeconds, message.candidateSeconds)
        guard !message.bins.isEmpty else { return }
        bins = message.bins.compactMap { Int(exactly: $0) }
        // A bin that was dropped makes the count wrong, which the comparison's check sees.
    }
}
