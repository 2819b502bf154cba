@testable import Serving

/// Reports whose figures are chosen.
enum LiveFixture {
    static func report(models: [LiveReport.Model], uptime: Double = 3725) -> LiveReport {
        LiveReport(
            time: "2026-11-28T12:00:03.500Z",
            server: LiveReport.Server(
                version: "0.1.0", isReady: !models.isEmpty, isDraining: false, uptimeSeconds: uptime,
                epoch: 9,
                registryAgeSeconds: 0.004, connections: 3, threads: 2, waiting: 0, queueRefusals: 0,
                unrouted: 1,
                residentBytes: 300 << 20,
                feedback: .init(accepted: 5, late: 1, early: 0, unmatched: 0, duplicate: 2, invalid: 0)),
            models: models, omittedModels: 0,
            events: [
                LiveReport.Event(
                    time: "2026-11-28T12:00:01.000Z", kind: "version_state", isFailure: true,
                    details: ["model": "sports", "version": "3", "to": "refused", "reason": "<script>"])
            ])
    }

    static func version(
        _ number: UInt64, requests: UInt64, recent: [LiveReport.Point],
        rates: LiveReport.Rates? = .init(seconds: 10, requests: 12.5, failed: 0, refused: 0.1, fallbacks: 0),
        state: String = "active", reason: String = ""
    ) -> LiveReport.Version {
        var buckets = [UInt64](repeating: 0, count: DurationHistogram.requestBounds.count + 1)
        buckets[4] = requests
        return LiveReport.Version(
            number: number, digest: "sha256:655be16f3552", state: state, reason: reason,
            answers: ["champion"],
            requests: requests, failed: 0, refused: 1, rates: rates,
            stages: ["wait", "scoring", "total"].map { LiveReport.Stage(name: $0, buckets: buckets) },
            recent: recent)
    }

    static func model(_ name: String, versions: UInt64 = 2) -> LiveReport.Model {
        let recent = (0..<120).reversed().map {
            LiveReport.Point(secondsAgo: Double($0), value: Double($0 % 7) + 10)
        }
        let refused = version(
            versions + 1, requests: 0, recent: [], state: "refused", reason: "digest <b>")
        return LiveReport.Model(
            name: name, aliases: [.init(name: "champion", version: 1, servingVersion: 1)],
            versions: [refused] + (1...versions).map { version($0, requests: 1000, recent: recent) },
            omittedVersions: 0, experiment: experiment, shadows: [shadow])
    }

    static var experiment: LiveReport.Experiment {
        LiveReport.Experiment(
            name: "sports.9", algorithm: "sha256", coverage: 10_000, enrolled: 60, overridden: 0,
            notEnrolled: 0,
            unassigned: 1,
            arms: ["candidate", "control"].map { name in
                let isControl = name == "control"
                return LiveReport.Arm(
                    name: name, weight: 1, share: 0.5, version: isControl ? 1 : 2,
                    servingVersion: isControl ? 1 : 0, servedByArm: 30, servedByChampion: 1,
                    rates: .init(seconds: 10, requests: 3, failed: 0.5, refused: 0, fallbacks: 0.25),
                    outcomes: outcomes(clicks: isControl ? 0 : 12),
                    guarded: isControl ? nil : .init(state: "tripped", reason: "12 bad events <beside> 1"))
            }, judgements: [judgement])
    }

    private static func outcomes(clicks: Double) -> LiveReport.Outcomes {
        LiveReport.Outcomes(
            units: 400, impressions: 1000, clicks: clicks, conversions: 0,
            clickThroughRate: clicks > 0 ? clicks / 1000 : nil,
            predictedOverObserved: clicks > 0 ? 1.0625 : nil,
            openImpressions: 77, errors: 3, overBudget: 0, fallbacks: 1, nonFinite: 2)
    }

    /// Intervals that narrow around a loss.
    static var judgement: LiveReport.Judgement {
        let checks = [
            LiveReport.Check(
                name: "guard", decision: "PASS", value: 0.25, lower: nil, upper: 4.6,
                reason: "few <bad> events"),
            LiveReport.Check(
                name: "data", decision: "INSUFFICIENT", value: 1000, lower: 5000, upper: nil,
                reason: "1000 of 5000"),
            LiveReport.Check(
                name: "log loss", decision: "HOLD", value: -0.0125, lower: -0.03, upper: 0.005, reason: "open"
            ),
            LiveReport.Check(
                name: "click-through rate", decision: "HOLD", value: nil, lower: nil, upper: nil,
                reason: "none"),
        ]
        let looks = (1...50).map { number in
            LiveReport.Look(
                check: "log loss", seconds: Double(number) * 5, value: -0.01,
                lower: -0.01 - 0.2 / Double(number),
                upper: -0.01 + 0.2 / Double(number))
        }
        return LiveReport.Judgement(arm: "candidate", decision: "INSUFFICIENT", checks: checks, looks: looks)
    }

    static var shadow: LiveReport.Shadow {
        LiveReport.Shadow(
            version: 2, championVersion: 1,
            judgement: .init(arm: "version 2", decision: "INSUFFICIENT", checks: judgement.checks, looks: []),
            segments: [
                LiveReport.Segment(
                    name: "all", requests: 900, failures: 2, nonFiniteShare: 0.001, meanLogitDifference: 0.25,
                    p99Difference: 0.125, meanKendallTau: 0.875, meanOverlap: 0.9375, changedTopShare: 0.0625,
                    latencyRatio: 1.5),
                LiveReport.Segment(
                    name: "history 0", requests: 0, failures: 0, nonFiniteShare: nil,
                    meanLogitDifference: nil,
                    p99Difference: nil, meanKendallTau: nil, meanOverlap: nil, changedTopShare: nil,
                    latencyRatio: nil),
            ])
    }
}
