import Experiment

/// What the ledger has counted, as the report tells it.
extension LiveReport.Outcomes {
    init(_ arm: ArmTally) {
        let counters = arm.counters
        let (impressions, clicks) = (counters.total(.impressions), counters.total(.clicks))
        self.init(
            units: arm.units.estimatedUnits, impressions: impressions, clicks: clicks,
            conversions: counters.total(.conversions),
            clickThroughRate: impressions > 0 ? clicks / impressions : nil,
            predictedOverObserved: clicks > 0 ? counters.total(.predictedClicks) / clicks : nil,
            openImpressions: arm.open[.impressions], errors: counters.total(.errors),
            overBudget: counters.total(.overBudget), fallbacks: counters.total(.fallbacks),
            nonFinite: counters.total(.nonFinite))
    }
}

extension LiveReport.Guard {
    /// Nil where nothing watches the arm.
    init?(_ guarded: ArmGuard) {
        guard guarded.state != .unwatched else { return nil }
        self.init(state: guarded.state.rawValue, reason: LiveReport.bounded(guarded.reason))
    }
}

extension LiveReport.Judgement {
    init(arm: String, _ verdict: Verdict, looks: LiveLooks?) {
        func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
        self.init(
            arm: arm, decision: verdict.decision.rawValue,
            checks: verdict.checks.map { check in
                LiveReport.Check(
                    name: check.name, decision: check.decision.rawValue, value: finite(check.value),
                    lower: finite(check.lower), upper: finite(check.upper),
                    reason: LiveReport.bounded(check.reason))
            },
            looks: (looks?.looks ?? []).flatMap { look in
                look.checks.sorted { $0.key < $1.key }.map { name, interval in
                    LiveReport.Look(
                        check: name, seconds: look.seconds, value: interval.value, lower: interval.lower,
                        upper: interval.upper)
                }
            })
    }
}

extension LiveReport.Shadow {
    /// The shadows of a model, those of the highest versions first.
    static func shadows(_ tally: ModelTally, _ judge: Judge) -> [LiveReport.Shadow] {
        let pairs = Dictionary(grouping: tally.shadows) {
            LiveShadowPair(version: $0.key.version, champion: $0.key.championVersion)
        }
        return pairs.sorted { $1.key < $0.key }.map { pair, comparisons in
            let all = comparisons.first { $0.key.segment.dimension == .all }?.value
            return LiveReport.Shadow(
                version: pair.version, championVersion: pair.champion,
                judgement: all.map {
                    LiveReport.Judgement(
                        arm: "version \(pair.version)", judge.verdict(shadow: $0), looks: nil)
                },
                segments: comparisons.sorted { order($0.key.segment) < order($1.key.segment) }.map {
                    LiveReport.Segment($0.key.segment, $0.value)
                })
        }
    }
}

private func order(_ segment: ShadowSegment) -> (Int, String) {
    (ShadowSegment.Dimension.allCases.firstIndex(of: segment.dimension) ?? 0, segment.label)
}

/// Two versions that score the same requests.
private struct LiveShadowPair: Hashable, Comparable {
    let version: UInt64
    let champion: UInt64

    static func < (one: LiveShadowPair, other: LiveShadowPair) -> Bool {
        (one.version, one.champion) < (other.version, other.champion)
    }
}

extension LiveReport.Segment {
    fileprivate init(_ segment: ShadowSegment, _ comparison: ShadowComparison) {
        self.init(
            name: segment.description, requests: comparison.requests, failures: comparison.failures,
            nonFiniteShare: comparison.nonFiniteShare,
            meanLogitDifference: comparison.meanLogitDifference,
            p99Difference: comparison.p99Difference, meanKendallTau: comparison.meanKendallTau,
            meanOverlap: comparison.meanOverlap, changedTopShare: comparison.changedTopShare,
            latencyRatio: comparison.latencyRatio)
    }
}

extension LiveReport.Feedback {
    init(_ counts: FeedbackCounts) {
        self.init(
            accepted: counts.accepted, late: counts.late, early: counts.early, unmatched: counts.unmatched,
            duplicate: counts.duplicate, invalid: counts.invalid)
    }
}
