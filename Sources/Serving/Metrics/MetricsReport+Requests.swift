import GRPC
import ModelRegistry

/// What requests came to, by model and version, and by experiment.
extension MetricsReport {
    /// Calls for which no version was found have empty labels: what they name is the caller's text.
    var rankCalls: [MetricFamily] {
        var calls = MetricFamily(
            name: "dien_rank_calls_total", help: "Rank calls by the version that answered and gRPC status.",
            kind: .counter)
        for (code, count) in metrics.unrouted.callsByStatus where code != .ok {
            calls.add(count, ["model": "", "version": "", "code": code.description])
        }
        for (version, counters) in sortedVersions {
            for (code, count) in counters.callsByStatus {
                calls.add(
                    count,
                    ["model": version.model, "version": "\(version.number)", "code": code.description])
            }
        }
        return [calls]
    }

    var versionCounts: [MetricFamily] {
        var wait = MetricFamily(
            name: "dien_wait_seconds",
            help: "From the arrival of a request to the begin of its scoring: queue, decoding, routing.",
            kind: .histogram)
        var scoring = MetricFamily(
            name: "dien_scoring_seconds", help: "What scoring the candidates of a request took.",
            kind: .histogram)
        var total = MetricFamily(
            name: "dien_rank_seconds", help: "From the decoded request to its scores.", kind: .histogram)
        var candidates = MetricFamily(
            name: "dien_candidates_scored_total", help: "Candidates scored.", kind: .counter)
        var unknown = MetricFamily(
            name: "dien_unknown_ids_total", help: "Ids of requests that the model does not know, by role.",
            kind: .counter)
        var truncated = MetricFamily(
            name: "dien_histories_truncated_total",
            help: "Requests of whose history only the last behaviours were used.", kind: .counter)
        for (version, counters) in sortedVersions {
            let (model, number) = (version.model, "\(version.number)")
            wait.add(counters.wait.counts, ["model": model, "version": number])
            scoring.add(counters.scoring.counts, ["model": model, "version": number])
            total.add(counters.total.counts, ["model": model, "version": number])
            candidates.add(counters.candidates, ["model": model, "version": number])
            truncated.add(counters.truncatedHistories, ["model": model, "version": number])
            for (role, count) in zip(VersionCounters.roles, counters.unknownIDs) {
                unknown.add(count, ["model": model, "version": number, "role": role])
            }
        }
        return [wait, scoring, total, candidates, unknown, truncated]
    }

    var splits: [MetricFamily] {
        var decisions = MetricFamily(
            name: "dien_split_decisions_total",
            help: "What the running experiment decided; unassigned: the request names no unit.",
            kind: .counter)
        var assigned = MetricFamily(
            name: "dien_split_assigned_total",
            help: "Requests assigned to an arm, by who answered: the arm, or the champion in its place.",
            kind: .counter)
        for (name, model) in table.models.sorted(by: { $0.key < $1.key }) {
            guard let split = model.split else { continue }
            let counts = split.counters.counts
            for (reason, count) in [
                ("enrolled", counts.enrolled), ("overridden", counts.overridden),
                ("not_enrolled", counts.notEnrolled), ("unassigned", counts.unassigned),
            ] {
                decisions.add(count, ["model": name, "experiment": split.experiment, "reason": reason])
            }
            for arm in split.arms {
                let counts = split.counters.arm(arm.name).counts
                for (by, count) in [("arm", counts.arm), ("champion", counts.champion)] {
                    assigned.add(
                        count,
                        ["model": name, "experiment": split.experiment, "arm": arm.name, "served": by])
                }
            }
        }
        return [decisions, assigned]
    }

    private var sortedVersions: [(ServingMetrics.Version, VersionCounters)] {
        metrics.versions.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
