import Experiment
import Files
import Synchronization

/// What this replica counts of experiments and of the traffic outside of them: one for each server, told of every table.
///
/// Arms that a table does not name any more are kept for twice the attribution window, so that their last outcomes come in and
/// can be read, and at most ``maximumRetired`` of a model.
final class ExperimentLedger: Sendable {
    /// Arms of one model that are kept after their end.
    static let maximumRetired = 8

    fileprivate struct Entry {
        let series: ArmSeries
        /// What the last table said of the arm that had it.
        var facts: ArmFacts?
        /// Since when no table has it.
        var retired: UInt64?
    }

    fileprivate struct State {
        var table = ServingTable.empty
        var entries: [ArmIdentity: Entry] = [:]
        /// By what a signed request says: the arm's hash, then the version.
        var byToken: [UInt64: [UInt64: ArmSeries]] = [:]
    }

    /// Signs what is served, and reads it back.
    let signer: RequestSigner
    /// How long after its request an outcome counts.
    let windowMilliseconds: UInt64
    /// The comparisons of shadows.
    let shadows: ShadowLedger
    private let state = Mutex(State())

    /// A ledger that has counted nothing.
    init(
        signer: RequestSigner = RequestSigner(), windowMilliseconds: UInt64 = 3_600_000,
        shadows: ShadowLedger = ShadowLedger()
    ) {
        self.signer = signer
        self.windowMilliseconds = windowMilliseconds
        self.shadows = shadows
    }

    /// The recorder of a request, which is counted as assigned.
    ///
    /// - Parameters:
    ///   - unit: the routing key; empty where the request has none.
    ///   - requestID: stands for the unit then.
    func open(_ route: Route, unit: String, requestID: String) -> ArmRecorder {
        let recorder = ArmRecorder(
            series: series(of: route.counted), unit: UnitBucket(unit: unit.isEmpty ? requestID : unit))
        recorder.series.countRequest(recorder.unit, isUnit: !unit.isEmpty)
        if route.isFallback { recorder.record(.fallback) }
        return recorder
    }

    /// What the response to a request says of it, signed.
    func token(_ recorder: ArmRecorder, requestID: String, candidates: Int, epoch: UInt64) -> [UInt8] {
        signer.sign(
            ServedRequest(
                epoch: epoch, unixMilliseconds: WallClock.unixMilliseconds(), arm: recorder.series.hash,
                version: recorder.series.identity.version, bucket: UInt16(recorder.unit.bucket),
                request: ServedRequest.hash(requestID), candidates: UInt32(candidates)))
    }

    /// The counters of an arm.
    func series(of identity: ArmIdentity) -> ArmSeries {
        // Looked up outside the lock: what is copied under it is a reference.
        let entries = state.withLock { $0.entries }
        if let entry = entries[identity] { return entry.series }
        return state.withLock { $0.series(of: identity, windowMilliseconds) }
    }

    /// The counters of the arm that a signed request names; nil where they are not kept.
    func series(of served: ServedRequest) -> ArmSeries? {
        state.withLock { $0.byToken[served.arm]?[served.version] }
    }

    /// Told of the table that is served now: begins counters of what is new in it, and retires those of what is not there.
    func follow(_ table: ServingTable, now: UInt64 = WallClock.unixMilliseconds()) {
        state.withLock { state in
            state.table = table
            for identity in table.countedArms { _ = state.series(of: identity, windowMilliseconds) }
            state.sweep(now: now, windowMilliseconds)
        }
    }

    /// What was counted, of all models or of one.
    func tally(of model: String = "", now: UInt64 = WallClock.unixMilliseconds()) -> [ModelTally] {
        let (table, entries) = state.withLock { state in
            state.sweep(now: now, windowMilliseconds)
            return (state.table, Array(state.entries.values))
        }
        let names = Set(table.models.keys).union(entries.map(\.series.identity.model))
        return names.filter { model.isEmpty || $0 == model }.sorted().map { name in
            let ofModel = entries.filter { $0.series.identity.model == name }
            return ModelTally(
                model: name,
                experiments: Set(ofModel.map(\.series.identity.experiment)).sorted().map { experiment in
                    Self.tally(
                        experiment, ofModel.filter { $0.series.identity.experiment == experiment }, now: now)
                },
                shadows: shadows.comparisons(of: name))
        }
    }

    /// The arms of one experiment, in the order of the split.
    private static func tally(_ experiment: String, _ entries: [Entry], now: UInt64) -> ExperimentTally {
        let ordered = entries.sorted {
            ($0.facts?.place ?? .max, $0.series.identity.arm, $0.series.identity.version)
                < ($1.facts?.place ?? .max, $1.series.identity.arm, $1.series.identity.version)
        }
        return ExperimentTally(
            experiment: experiment, isRunning: entries.contains { $0.retired == nil },
            arms: ordered.map { entry in
                let (counters, open) = entry.series.counters(now: now)
                return ArmTally(
                    name: entry.series.identity.arm, version: entry.series.identity.version,
                    digest: entry.facts?.digest ?? "", weight: entry.facts?.weight ?? 0,
                    isControl: entry.facts?.isControl ?? false, counters: counters,
                    units: entry.series.unitSample, open: open, guards: [entry.series.armGuard])
            })
    }
}

extension ExperimentLedger.State {
    fileprivate mutating func series(of identity: ArmIdentity, _ windowMilliseconds: UInt64) -> ArmSeries {
        if let entry = entries[identity] { return entry.series }
        let series = ArmSeries(identity, windowMilliseconds: windowMilliseconds)
        entries[identity] = ExperimentLedger.Entry(series: series, facts: table.facts(of: identity))
        byToken[series.hash, default: [:]][identity.version] = series
        return series
    }

    fileprivate mutating func sweep(now: UInt64, _ windowMilliseconds: UInt64) {
        for (identity, var entry) in entries {
            if let facts = table.facts(of: identity) {
                (entry.facts, entry.retired) = (facts, nil)
            } else {
                entry.retired = entry.retired ?? now
            }
            entries[identity] = entry
        }
        let retired = entries.compactMap { identity, entry in entry.retired.map { (identity, since: $0) } }
        for ofModel in Dictionary(grouping: retired, by: \.0.model).values {
            let youngest = ofModel.sorted { ($0.since, $0.0.version) > ($1.since, $1.0.version) }
            for (index, (identity, since)) in youngest.enumerated()
            where index >= ExperimentLedger.maximumRetired || since + 2 * windowMilliseconds <= now {
                drop(identity)
            }
        }
    }

    private mutating func drop(_ identity: ArmIdentity) {
        guard let series = entries.removeValue(forKey: identity)?.series else { return }
        byToken[series.hash]?[identity.version] = nil
        if byToken[series.hash]?.isEmpty == true { byToken[series.hash] = nil }
    }
}
