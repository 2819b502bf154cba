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
                residentBytes: 300 << 20, feedback: nil),
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
            omittedVersions: 0, experiment: experiment, shadows: [])
    }

    static var experiment: LiveReport.Experiment {
        LiveReport.Experiment(
            name: "sports.9", algorithm: "sha256", coverage: 10_000, enrolled: 60, overridden: 0,
            notEnrolled: 0,
            unassigned: 1,
            arms: ["candidate", "control"].map { name in
                LiveReport.Arm(
                    name: name, weight: 1, share: 0.5, version: name == "control" ? 1 : 2,
                    servingVersion: name == "control" ? 1 : 0, servedByArm: 30, servedByChampion: 1,
                    rates: nil, outcomes: nil, guarded: nil)
            }, judgements: [])
    }
}
