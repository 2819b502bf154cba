internal import Foundation

/// Judges a candidate by what the arms did: a pure function, so that the verdict of an old epoch can be computed again.
public struct Judge: Sendable {
    /// One side of the comparison.
    public struct Arm: Sendable, Equatable, Codable {
        /// Its counters, of all replicas.
        public var counters: ArmCounters
        /// The units it has seen.
        public var units: UnitCensus
        /// Its part of the traffic, relative to the other's.
        public var weight: Double

        /// One side.
        public init(counters: ArmCounters, units: UnitSample, weight: Double) {
            self.counters = counters
            self.units = UnitCensus(units)
            self.weight = weight
        }
    }

    /// The checks of what became of impressions, which are slow to tell. The others tell whether it is safe to go on.
    public static let outcomes: Set<String> = [clickThroughRate, logLoss, calibration, auc]
    /// The check of the area under the ROC curve, whose figures are differences and not relative.
    public static let auc = "AUC"
    private static let clickThroughRate = "click-through rate"
    private static let logLoss = "log loss"
    private static let calibration = "calibration"

    /// What is asked for.
    public let policy: JudgePolicy

    /// A judge of this policy.
    public init(_ policy: JudgePolicy = JudgePolicy()) { self.policy = policy }

    /// The verdict on `candidate` beside `control`, the slice of the champion's traffic that is as large.
    public func verdict(candidate: Arm, control: Arm) -> Verdict {
        let data = data(candidate, control)
        let outcomes =
            [
                clicks(candidate.counters, control.counters), logLoss(candidate.counters, control.counters),
                calibration(candidate.counters, control.counters),
            ] + area(candidate.counters, control.counters)
        return Verdict(
            checks: [guardCheck(candidate, control), sampleRatio(candidate, control), data]
                + (data.decision == .pass ? outcomes : outcomes.map(\.ofTooLittleData)))
    }

    /// The verdict on a candidate that answers nobody yet, by the requests that it scored beside the champion.
    public func verdict(shadow: ShadowComparison) -> Verdict {
        let scored = shadow.requests + shadow.failures
        let share = shadow.failureShare ?? 0
        let isEnough = scored >= policy.minimumShadowedRequests
        let ratio = shadow.latencyRatio ?? 0
        return Verdict(checks: [
            check(
                "shadowed requests", isEnough ? .pass : .insufficient,
                "\(scored) of \(policy.minimumShadowedRequests)", value: Double(scored),
                lower: Double(policy.minimumShadowedRequests)),
            check(
                "failures", share > policy.failureTolerance ? .fail : .pass,
                "\(shadow.failures) of \(scored) requests could not be scored", value: share,
                upper: policy.failureTolerance),
            check(
                "latency", ratio > policy.latencyTolerance ? .hold : .pass,
                "the candidate's time over the champion's", value: shadow.latencyRatio,
                upper: policy.latencyTolerance),
        ])
    }

    /// Bad events fall on the arms as requests do, or the candidate makes more of them.
    private func guardCheck(_ candidate: Arm, _ control: Arm) -> Verdict.Check {
        let requests = [control, candidate].map { $0.counters.total(.requests) }
        let total = requests[0] + requests[1]
        guard requests.allSatisfy({ $0 > 0 }),
            let test = SequentialCountTest(
                shares: requests.map { $0 / total }, alpha: policy.guardAlpha)
        else { return check("guard", .insufficient, "one of the arms has no request yet") }
        let events = [control.counters.badEvents, candidate.counters.badEvents]
        let isAlarm = test.isAlarm(events, against: 1)
        return check(
            "guard", isAlarm ? .fail : .pass,
            "\(events[1]) bad events of the candidate beside \(events[0]) of the champion",
            value: test.logEvidence(events), upper: -log(policy.guardAlpha))
    }

    private func sampleRatio(_ candidate: Arm, _ control: Arm) -> Verdict.Check {
        let level = max(candidate.units.level, control.units.level)
        let units = [control, candidate].map { $0.units.count(atLevel: level) }
        let p = SampleRatio.pValue(units: units, weights: [control.weight, candidate.weight])
        return check(
            "sample ratio", p < SampleRatio.threshold ? .hold : .pass,
            "\(units[1]) sampled units beside \(units[0]), p \(p)", value: p, lower: SampleRatio.threshold)
    }

    private func data(_ candidate: Arm, _ control: Arm) -> Verdict.Check {
        let units = min(candidate.units.estimatedUnits, control.units.estimatedUnits)
        let impressions = min(
            candidate.counters.total(.impressions), control.counters.total(.impressions))
        let isEnough =
            units >= Double(policy.minimumUnits) && impressions >= Double(policy.minimumImpressions)
        return check(
            "data", isEnough ? .pass : .insufficient,
            "\(Int(min(units, 1e15))) units of \(policy.minimumUnits) and \(Int(impressions)) impressions of "
                + "\(policy.minimumImpressions) in the smaller arm", value: impressions,
            lower: Double(policy.minimumImpressions))
    }

    private func clicks(_ candidate: ArmCounters, _ control: ArmCounters) -> Verdict.Check {
        notWorse(
            Self.clickThroughRate, .clicks, candidate, control, margin: policy.clickMargin,
            isHigherBetter: true)
    }

    private func logLoss(_ candidate: ArmCounters, _ control: ArmCounters) -> Verdict.Check {
        notWorse(
            Self.logLoss, .logLoss, candidate, control, margin: policy.logLossMargin, isHigherBetter: false)
    }

    /// Passes when the relative gain is surely above -margin, fails when it is surely below 0 by more than that.
    private func notWorse(
        _ name: String, _ quantity: ArmCounters.Quantity, _ candidate: ArmCounters, _ control: ArmCounters,
        margin: Double, isHigherBetter: Bool
    ) -> Verdict.Check {
        guard let interval = gain(quantity, per: .impressions, candidate, control) else {
            return check(name, .insufficient, "no impression with feedback in one of the arms")
        }
        let (worst, best) =
            isHigherBetter ? (interval.lower, interval.upper) : (-interval.upper, -interval.lower)
        let decision: Verdict.Decision = best < -margin ? .fail : worst > -margin ? .pass : .hold
        return check(
            name, decision,
            "a relative change of \(isHigherBetter ? "less" : "more") than \(margin) is a loss",
            value: interval.value, lower: interval.lower, upper: interval.upper)
    }

    /// The area under the ROC curve of each arm's own impressions, B's less A's. Its variance comes from leaving out groups of
    /// units. Nothing where no score was counted, as by a server that is older than that.
    private func area(_ candidate: ArmCounters, _ control: ArmCounters) -> [Verdict.Check] {
        guard candidate.scores != ScoreHistogram() || control.scores != ScoreHistogram() else { return [] }
        let count = min(candidate.total(.impressions), control.total(.impressions))
        let sequence = ConfidenceSequence(alpha: policy.alpha, tuning: policy.tuning)
        guard let a = control.scores.auc, let b = candidate.scores.auc, let one = a.variance,
            let two = b.variance,
            case let difference = Estimate(value: b.value - a.value, variance: one + two),
            let interval = sequence.interval(of: difference, count: count)
        else {
            return [
                check(
                    Self.auc, .insufficient,
                    "clicks and other impressions of several units are needed in both arms, each told to a replica that is "
                        + "heard")
            ]
        }
        let margin = policy.aucMargin
        let decision: Verdict.Decision =
            interval.upper < -margin ? .fail : interval.lower > -margin ? .pass : .hold
        return [
            check(
                Self.auc, decision,
                "\(Self.fixed(b.value)) beside \(Self.fixed(a.value)) of the champion; \(margin) less is a loss",
                value: difference.value, lower: interval.lower, upper: interval.upper)
        ]
    }

    /// Four decimals.
    private static func fixed(_ area: Double) -> String {
        let (whole, rest) = Int((area * 10_000).rounded()).quotientAndRemainder(dividingBy: 10_000)
        let digits = String(rest)
        return "\(whole)." + String(repeating: "0", count: 4 - digits.count) + digits
    }

    /// Fails when predicted over observed clicks surely differ from the champion's: bids multiply probabilities.
    private func calibration(_ candidate: ArmCounters, _ control: ArmCounters) -> Verdict.Check {
        let name = Self.calibration
        guard let interval = gain(.predictedClicks, per: .clicks, candidate, control) else {
            return check(name, .insufficient, "no click in one of the arms")
        }
        let tolerance = policy.calibrationTolerance
        let isOutside = interval.lower > tolerance || interval.upper < -tolerance
        return check(
            name, isOutside ? .fail : .pass,
            "predicted over observed clicks may differ from the champion's by \(tolerance)",
            value: interval.value, lower: interval.lower, upper: interval.upper)
    }

    private func gain(
        _ numerator: ArmCounters.Quantity, per denominator: ArmCounters.Quantity, _ candidate: ArmCounters,
        _ control: ArmCounters
    ) -> (value: Double, lower: Double, upper: Double)? {
        guard let a = control.ratio(numerator, per: denominator),
            let b = candidate.ratio(numerator, per: denominator),
            let gain = BucketRatio.gain(of: b, over: a)
        else { return nil }
        let count = min(candidate.total(.impressions), control.total(.impressions))
        let sequence = ConfidenceSequence(alpha: policy.alpha, tuning: policy.tuning)
        guard let interval = sequence.interval(of: gain, count: count) else { return nil }
        return (gain.value, interval.lower, interval.upper)
    }

    func check(
        _ name: String, _ decision: Verdict.Decision, _ reason: String, value: Double? = nil,
        lower: Double? = nil, upper: Double? = nil
    ) -> Verdict.Check {
        Verdict.Check(
            name: name, decision: decision, value: value, lower: lower, upper: upper, reason: reason)
    }
}

extension Verdict.Check {
    /// The check where the minimums are not reached: the intervals hold for many units alone (delta method, asymptotic
    /// confidence sequence), so that of a few they may exclude anything, and none of them is a loss.
    fileprivate var ofTooLittleData: Verdict.Check {
        guard decision == .fail else { return self }
        return Verdict.Check(
            name: name, decision: .insufficient, value: value, lower: lower, upper: upper, reason: reason)
    }
}
