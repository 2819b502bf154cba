import Experiment
import ModelRegistry

/// What shadows found, and what the watches of experiments did.
extension MetricsReport {
    /// The arms of the running experiments, by what became of their requests here.
    var arms: [MetricFamily] {
        var state = MetricFamily(
            name: "dien_arm_state",
            help: "1 for how an arm of the running experiment stands in this server, 0 for the others.",
            kind: .gauge)
        var faults = MetricFamily(
            name: "dien_arm_faults_total", help: "Requests that the version of an arm failed on, by how.",
            kind: .counter)
        var fallbacks = MetricFamily(
            name: "dien_arm_fallbacks_total",
            help: "Requests that the champion answered in the place of an arm's version, by why.",
            kind: .counter)
        for (name, model) in table.models.sorted(by: { $0.key < $1.key }) {
            guard let split = model.split else { continue }
            let standings = split.watch.standings
            for (index, arm) in split.arms.enumerated() {
                let (experiment, counters) = (split.experiment, split.watch.counters[index])
                for phase in ArmStanding.Phase.allCases {
                    state.add(
                        phase == standings[index].phase ? 1.0 : 0.0,
                        ["model": name, "experiment": experiment, "arm": arm.name, "state": phase.rawValue])
                }
                for (fault, count) in counters.faults {
                    faults.add(
                        count,
                        ["model": name, "experiment": experiment, "arm": arm.name, "fault": fault.rawValue])
                }
                for (reason, count) in counters.fallbacks {
                    fallbacks.add(
                        count,
                        ["model": name, "experiment": experiment, "arm": arm.name, "reason": reason.rawValue])
                }
            }
        }
        return [state, faults, fallbacks]
    }

    /// Of the shadows that are there now.
    var shadows: [MetricFamily] {
        let pairs = table.models.sorted { $0.key < $1.key }.compactMap(\.value.shadow?.pair)
        return shadowCounts(pairs) + shadowFindings(pairs)
    }

    private func shadowCounts(_ pairs: [ShadowPair]) -> [MetricFamily] {
        var requests = MetricFamily(
            name: "dien_shadow_requests_total",
            help: "Requests that a shadow scored, or failed on, after the champion had answered them.",
            kind: .counter)
        var nonFinite = MetricFamily(
            name: "dien_shadow_non_finite_total",
            help: "Those of them for which the shadow gave a score that is not finite.", kind: .counter)
        var dropped = MetricFamily(
            name: "dien_shadow_dropped_total",
            help: "Requests of the shadow's share that it did not score, by why.", kind: .counter)
        for pair in pairs {
            let (model, version, champion) = pair.labels
            let counts = pair.counts
            requests.add(counts.shadowed, ["model": model, "version": version, "champion": champion])
            nonFinite.add(counts.nonFinite, ["model": model, "version": version, "champion": champion])
            for (drop, count) in counts.dropped.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                dropped.add(
                    count,
                    [
                        "model": model, "version": version, "champion": champion,
                        "reason": drop.rawValue,
                    ])
            }
        }
        return [requests, nonFinite, dropped]
    }

    private func shadowFindings(_ pairs: [ShadowPair]) -> [MetricFamily] {
        let found = pairs.map { pair in
            (pair.labels, pair.found.sorted { $0.key.description < $1.key.description })
        }
        return Self.findings.map { name, help, value in
            var family = MetricFamily(name: "dien_shadow_" + name, help: help, kind: .gauge)
            for ((model, version, champion), segments) in found {
                for (segment, comparison) in segments {
                    guard let value = value(comparison) else { continue }
                    family.add(
                        value,
                        [
                            "model": model, "version": version, "champion": champion,
                            "segment": segment.description,
                        ])
                }
            }
            return family
        }
    }

    private static let findings:
        [(name: String, help: String, value: @Sendable (ShadowComparison) -> Double?)] = [
            ("mean_logit_difference", "Mean |Δ logit| of shadow and champion.", { $0.meanLogitDifference }),
            ("p99_difference", "p99 of |Δ p|, at most a ninth too large.", { $0.p99Difference }),
            ("kendall_tau", "Mean Kendall τ_b of their rankings.", { $0.meanKendallTau }),
            ("overlap", "Mean share of common ones among their first ten.", { $0.meanOverlap }),
            (
                "changed_top_share", "Share of requests whose first candidate is another.",
                { $0.changedTopShare }
            ),
            ("failure_share", "Share of requests that the shadow could not score.", { $0.failureShare }),
            (
                "non_finite_share", "Share of requests for which the shadow gave a score that is not finite.",
                { $0.nonFiniteShare }
            ),
            ("latency_ratio", "The shadow's processor time over the champion's.", { $0.latencyRatio }),
        ]
}

extension ShadowPair {
    fileprivate var labels: (model: String, version: String, champion: String) {
        (versions.model, "\(versions.candidate)", "\(versions.champion)")
    }
}
