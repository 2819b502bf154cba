import Experiment
import Files

/// What a live report is made of, as it stands at one moment.
struct LiveReading {
    /// In RFC 3339.
    let time: String
    let isReady: Bool
    let isDraining: Bool
    let uptimeSeconds: Double
    let metrics: MetricsReport
    /// What was counted by arm, by model.
    let tallies: [String: ModelTally]
    /// The newest first.
    let events: [EventJournal.Entry]
}

/// Where readings come from.
struct LiveSource: Sendable {
    let table: CurrentTable
    let metrics: ServingMetrics
    let health: HealthService
    let journal: EventJournal
    let ledger: ExperimentLedger
    /// Every figure; costs a walk over the process's mappings.
    let report: @Sendable () -> MetricsReport
    /// Of the monotonic clock.
    let startNanoseconds = MonotonicClock.nanoseconds()

    /// Everything, now.
    var reading: LiveReading {
        let (isReady, isDraining) = health.readiness
        let report = report()
        return LiveReading(
            time: WallClock.now(), isReady: isReady, isDraining: isDraining,
            uptimeSeconds: Double(report.nowNanoseconds - min(startNanoseconds, report.nowNanoseconds)) / 1e9,
            metrics: report, tallies: tallies, events: journal.newest(LiveReport.eventLimit))
    }

    /// What was counted by arm, of the models that are told of.
    var tallies: [String: ModelTally] {
        Dictionary(
            ledger.tally().map { ($0.model, $0) }.prefix(LiveReport.modelLimit),
            uniquingKeysWith: { first, _ in first })
    }

    /// What rates are taken of, now: versions that are loaded, and arms.
    var counts: [(LiveCounts.Subject, LiveCounts)] {
        let counters = metrics.versions
        var counts: [(LiveCounts.Subject, LiveCounts)] = []
        for (name, model) in table.snapshot.models.sorted(by: { $0.key < $1.key }).prefix(
            LiveReport.modelLimit)
        {
            let loaded = model.versions.filter { $0.value.servable != nil }.keys.sorted(by: >)
            for number in loaded.prefix(LiveReport.versionLimit) {
                let version = ServingMetrics.Version(model: name, number: number)
                if let counters = counters[version] {
                    counts.append((.version(version), LiveCounts(counters)))
                }
            }
            guard let split = model.split else { continue }
            counts += split.arms.map { arm in
                let served = split.counters.arm(arm.name).counts
                return (
                    .arm(model: name, experiment: split.experiment, name: arm.name),
                    LiveCounts(
                        requests: served.arm + served.champion,
                        failed: ledger.series(of: split.identity(of: arm, in: name)).faults,
                        fallbacks: served.champion)
                )
            }
        }
        return counts
    }
}
