internal import DIEN
internal import DIENMessages
public import Experiment
internal import Messages
public import RequestLog

/// Makes the counters that servers would have, from a request log and what waits in a join: outcomes, and where that is asked
/// for requests and units, by arm and hash bucket. Owned by one thread.
public struct OutcomeImport {
    /// Whose counters a request belongs to.
    public struct ArmFacts: Sendable, Equatable {
        /// The arm.
        public var identity: ArmIdentity
        /// Its part of the enrolled units, relative to the other arms' weights; 0 outside experiments.
        public var weight: UInt32
        /// Whether it is the control slice.
        public var isControl: Bool
        /// Its place in the split.
        public var place: Int

        /// An arm.
        public init(_ identity: ArmIdentity, weight: UInt32 = 0, isControl: Bool = false, place: Int = 0) {
            self.identity = identity
            self.weight = weight
            self.isControl = isControl
            self.place = place
        }
    }

    private struct Series {
        var facts: ArmFacts
        var digest = ""
        var counters = Experiment.ArmCounters()
        var units = Experiment.UnitSample()
        var faults = BadEventLimit()
        var window: AttributionWindow
    }

    /// How long after its request an outcome counts, in milliseconds.
    public let windowMilliseconds: UInt64
    /// Whether requests, units and fallbacks are counted too. Servers count these themselves: whoever adds their counters to
    /// these would have them twice.
    public let countsRequests: Bool
    /// What became of the events so far; those that wait in the join are not among them.
    public private(set) var feedback = Experiment.FeedbackCounts()
    /// Requests so far that can be read.
    public private(set) var requests = 0
    /// Requests so far that cannot.
    public private(set) var unreadable = 0
    private var epoch: UInt64 = 0
    private var first = UInt64.max
    private var series: [ArmIdentity: Series] = [:]

    /// Nothing is counted yet. Precondition: a window of at least 8 ms.
    public init(windowMilliseconds: UInt64, countsRequests: Bool) {
        self.windowMilliseconds = windowMilliseconds
        self.countsRequests = countsRequests
    }

    /// Counts a request, and what waits for it.
    ///
    /// - Parameter facts: whose counters it belongs to, by the request and its routing key.
    public mutating func take<Failure: Error>(
        _ logged: LoggedRequest, _ join: inout OutcomeJoin,
        facts: (_ logged: LoggedRequest, _ routingKey: String) throws(Failure) -> ArmFacts
    ) throws(Failure) {
        guard let request = try? RankRequest(serialized: logged.request),
            request.candidates.first?.count == logged.scores.count
        else {
            unreadable += 1
            return
        }
        let facts = try facts(logged, request.routingKey)
        requests += 1
        epoch = max(epoch, logged.epoch)
        first = min(first, logged.unixMilliseconds)
        let isUnit = !request.routingKey.isEmpty
        let unit = UnitBucket(unit: isUnit ? request.routingKey : logged.requestID)
        // Taken out, so that its counters are changed where they are and not copied.
        var arm =
            series.removeValue(forKey: facts.identity)
            ?? Series(facts: facts, window: AttributionWindow(milliseconds: windowMilliseconds))
        arm.facts = facts
        if facts.identity.version == logged.version { arm.digest = logged.digest }
        if countsRequests { Self.count(logged, unit, isUnit: isUnit, &arm) }
        let (news, unmatched) = join.take(
            ServedRequest.hash(logged.requestID), candidates: RankingInput(request).candidates)
        feedback.unmatched += UInt64(unmatched)
        count(news, of: logged, bucket: unit.bucket, &arm.window)
        series[facts.identity] = arm
    }

    private static func count(
        _ logged: LoggedRequest, _ unit: UnitBucket, isUnit: Bool, _ arm: inout Series
    ) {
        arm.counters.add(1, to: .requests, bucket: unit.bucket)
        arm.counters.add(Double(logged.scores.count), to: .candidates, bucket: unit.bucket)
        if isUnit { arm.units.see(unit.hash) }
        guard !logged.assignedArm.isEmpty, logged.arm != logged.assignedArm else { return }
        if arm.faults.admits(unit.hash, unixMilliseconds: logged.unixMilliseconds) {
            arm.counters.add(1, to: .fallbacks, bucket: unit.bucket)
        }
    }

    private mutating func count(
        _ news: [(position: UInt32, news: OutcomeJoin.News)], of logged: LoggedRequest, bucket: Int,
        _ window: inout AttributionWindow
    ) {
        var known: [UInt32: EventKinds] = [:]
        for (position, news) in news {
            let kinds = news.outcome.kinds
            let new = kinds.subtracting(known[position] ?? [])
            known[position] = (known[position] ?? []).union(kinds)
            feedback.duplicate += UInt64(kinds.count - new.count)
            guard !new.isEmpty else { continue }
            var outcome = news.outcome.limited(to: new)
            outcome.probability = Double(logged.scores[Int(position)])
            let served = logged.unixMilliseconds
            // An event before its request is one whose clock is slow.
            let happened = max(news.unixMilliseconds ?? served, served)
            switch window.record(outcome, bucket: bucket, served: served, now: happened) {
            case nil: feedback.accepted += UInt64(new.count)
            case .late: feedback.late += UInt64(new.count)
            case .early: feedback.early += UInt64(new.count)
            case .invalid: feedback.invalid += UInt64(new.count)
            }
        }
    }

    /// What one server would tell at this time; `unmatched` events of no request are added to its counts.
    public func tally(now: UInt64, unmatched: Int, program: String) -> ServerTally {
        var counts = feedback
        counts.unmatched += UInt64(unmatched)
        let models = Set(series.keys.map(\.model)).sorted().map { model in
            let arms = series.values.filter { $0.facts.identity.model == model }
            return ModelTally(
                model: model,
                experiments: Set(arms.map(\.facts.identity.experiment)).sorted().map { experiment in
                    Self.tally(
                        experiment, arms.filter { $0.facts.identity.experiment == experiment }, now: now)
                })
        }
        return ServerTally(
            servers: [
                ServerTally.Server(
                    epoch: epoch, version: program, startUnixMilliseconds: first == .max ? now : first,
                    unixMilliseconds: now, windowMilliseconds: windowMilliseconds)
            ], models: models, feedback: counts)
    }

    private static func tally(_ experiment: String, _ series: [Series], now: UInt64) -> ExperimentTally {
        let ordered = series.sorted {
            ($0.facts.place, $0.facts.identity.arm, $0.facts.identity.version)
                < ($1.facts.place, $1.facts.identity.arm, $1.facts.identity.version)
        }
        return ExperimentTally(
            experiment: experiment, isRunning: true,
            arms: ordered.map { series in
                var window = series.window
                window.close(now: now)
                return ArmTally(
                    name: series.facts.identity.arm, version: series.facts.identity.version,
                    digest: series.digest, weight: series.facts.weight, isControl: series.facts.isControl,
                    counters: series.counters + window.closed, units: series.units,
                    open: ArmTally.Open(window.openTotals))
            })
    }
}
