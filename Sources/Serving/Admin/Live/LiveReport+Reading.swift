import Experiment
import Files
import ModelRegistry

extension LiveReport {
    /// The report of a moment, with the rates that the history gives.
    init(_ reading: LiveReading, _ history: LiveHistory, _ judging: LiveJudging) {
        let models = reading.metrics.table.models.sorted { $0.key < $1.key }
        let counters = reading.metrics.metrics.versions
        self.init(
            time: reading.time, server: Server(reading),
            models: models.prefix(Self.modelLimit).map { name, model in
                Model(name, model, counters, history, judging, reading.tallies[name])
            },
            omittedModels: max(0, models.count - Self.modelLimit),
            events: reading.events.prefix(Self.eventLimit).map(Event.init))
    }

    /// Text from elsewhere, cut where it would fill the page.
    static func bounded(_ text: String) -> String {
        text.count > textLimit ? text.prefix(textLimit) + "…" : text
    }
}

extension LiveReport.Server {
    fileprivate init(_ reading: LiveReading) {
        let metrics = reading.metrics
        let last = metrics.metrics.lastCheckNanoseconds
        let now = metrics.nowNanoseconds
        self.init(
            version: metrics.serverVersion, isReady: reading.isReady, isDraining: reading.isDraining,
            uptimeSeconds: reading.uptimeSeconds, epoch: metrics.table.epoch,
            registryAgeSeconds: last > 0 ? Double(now - min(last, now)) / 1e9 : nil,
            connections: metrics.connections, threads: metrics.scheduling.threads,
            waiting: metrics.scheduling.waiting, queueRefusals: metrics.scheduling.refused,
            unrouted: LiveCounts(metrics.metrics.unrouted).requests,
            residentBytes: metrics.process?.residentBytes, feedback: LiveReport.Feedback(metrics.feedback))
    }
}

extension LiveReport.Model {
    fileprivate init(
        _ name: String, _ model: ServedModel, _ counters: [ServingMetrics.Version: VersionCounters],
        _ history: LiveHistory, _ judging: LiveJudging, _ tally: ModelTally?
    ) {
        let standings = model.standings
        // What is loaded, or was to be, then the newest of the others.
        let order = standings.sorted { one, other in
            let (first, second) = (one.value.phase == .notLoaded, other.value.phase == .notLoaded)
            return first == second ? one.key > other.key : second
        }
        let told = order.prefix(LiveReport.versionLimit).sorted { $0.key > $1.key }
        self.init(
            name: name,
            aliases: model.aliases.sorted { $0.key < $1.key }.map { alias, target in
                LiveReport.Alias(
                    name: alias, version: target.assigned, servingVersion: target.servable?.version ?? 0)
            },
            versions: told.map { number, standing in
                let version = ServingMetrics.Version(model: name, number: number)
                return LiveReport.Version(
                    version, standing, answers: model.callers(of: number),
                    counters[version].map { LiveCounts($0) } ?? LiveCounts(), history)
            },
            omittedVersions: standings.count - told.count,
            experiment: model.split.map { LiveReport.Experiment($0, of: name, history, judging, tally) },
            shadows: tally.map { LiveReport.Shadow.shadows($0, judging.judge) } ?? [])
    }
}

extension ServedModel {
    /// The aliases and the experiment's arms that a version answers.
    fileprivate func callers(of version: UInt64) -> [String] {
        aliases.filter { $0.value.servable?.version == version }.keys.sorted()
            + (split?.arms ?? []).filter { $0.servable?.version == version }.map { "arm \($0.name)" }
    }
}

extension LiveReport.Version {
    fileprivate init(
        _ version: ServingMetrics.Version, _ standing: VersionStanding, answers: [String],
        _ counts: LiveCounts, _ history: LiveHistory
    ) {
        let subject = LiveCounts.Subject.version(version)
        let lastMinute = history.change(of: subject, seconds: 60)?.counts.stages ?? []
        self.init(
            number: version.number, digest: standing.digest.description, state: standing.phase.rawValue,
            reason: LiveReport.bounded(standing.reason), answers: answers, requests: counts.requests,
            failed: counts.failed, refused: counts.refused, rates: LiveReport.Rates(history, subject),
            stages: zip(["wait", "scoring", "total"], lastMinute).map {
                LiveReport.Stage(name: $0, buckets: $1)
            },
            recent: history.requestRates(of: subject).map {
                LiveReport.Point(secondsAgo: $0.secondsAgo, value: $0.rate)
            })
    }
}

extension LiveReport.Rates {
    /// Of the last ten seconds; nil before the second sample.
    init?(_ history: LiveHistory, _ subject: LiveCounts.Subject) {
        guard let change = history.change(of: subject, seconds: 10) else { return nil }
        self.init(
            seconds: change.seconds, requests: change.rate(\.requests), failed: change.rate(\.failed),
            refused: change.rate(\.refused), fallbacks: change.rate(\.fallbacks))
    }
}

extension LiveReport.Stage {
    init(name: String, buckets: [UInt64]) {
        let bounds = DurationHistogram.requestBounds.map { Double($0) / 1e9 }
        let count = buckets.reduce(0, +)
        /// The bound of the bucket in which the share of observations is reached.
        func quantile(_ share: Double) -> Double? {
            var rest = (share * Double(count)).rounded(.up)
            for (bucket, bound) in zip(buckets, bounds) {
                rest -= Double(bucket)
                if rest <= 0 { return bound }
            }
            return nil
        }
        self.init(
            name: name, bounds: bounds, buckets: buckets, p50: count > 0 ? quantile(0.5) : nil,
            p99: count > 0 ? quantile(0.99) : nil)
    }
}

extension LiveReport.Experiment {
    fileprivate init(
        _ split: ServedSplit, of model: String, _ history: LiveHistory, _ judging: LiveJudging,
        _ tally: ModelTally?
    ) {
        let counts = split.counters.counts
        let total = Double(max(1, split.arms.reduce(0) { $0 + $1.weight }))
        let layer = split.split.layer.map { Double($0.segments.count) / Double(LayerSlice.segmentCount) } ?? 1
        self.init(
            name: split.experiment, algorithm: split.split.hash.algorithm.rawValue,
            coverage: split.split.coverage, enrolled: counts.enrolled, overridden: counts.overridden,
            notEnrolled: counts.notEnrolled, unassigned: counts.unassigned,
            arms: split.arms.map { arm in
                let served = split.counters.arm(arm.name).counts
                let counted = tally?.arm(arm, of: split)
                return LiveReport.Arm(
                    name: arm.name, weight: arm.weight,
                    share: Double(arm.weight) / total * Double(split.split.coverage) / 10_000 * layer,
                    version: arm.assigned, servingVersion: arm.servable?.version ?? 0,
                    servedByArm: served.arm, servedByChampion: served.champion,
                    rates: LiveReport.Rates(
                        history, .arm(model: model, experiment: split.experiment, name: arm.name)),
                    outcomes: counted.map { LiveReport.Outcomes($0) },
                    guarded: counted?.guards.first.flatMap { LiveReport.Guard($0) })
            }, judgements: tally.map { judging.judgements(of: split, $0) } ?? [])
    }
}

extension LiveReport.Event {
    fileprivate init(_ entry: EventJournal.Entry) {
        let details = entry.event.fields.dropFirst().map { ($0.name, LiveReport.bounded($0.value)) }
        self.init(
            time: entry.time, kind: entry.event.kind.rawValue, isFailure: entry.event.isFailure,
            details: Dictionary(details, uniquingKeysWith: { first, _ in first }))
    }
}
