import Experiment
import Synchronization

/// Takes reported outcomes: believes what is signed, refuses what is late, early, impossible or known, and hands on the rest to
/// the counters of the arm.
final class OutcomeIntake: Sendable {
    /// Outcomes of one request, as they were reported.
    struct Report: Sendable {
        /// What the response said of the request.
        var token: [UInt8]
        /// The request's id; empty where it was not given.
        var requestID: String
        /// The items, by their positions.
        var items: [(position: UInt32, outcome: Outcome)]

        /// The unit of all counts; an item that tells nothing is one event too.
        fileprivate var eventCount: Int { items.reduce(0) { $0 + Self.events($1.outcome) } }

        fileprivate static func events(_ outcome: Outcome) -> Int { max(1, outcome.kinds.count) }
    }

    /// The memory of what was counted is full.
    struct Full: Error {}

    private struct State {
        var counts = FeedbackCounts()
        var counted: CountedEvents
    }

    private let ledger: ExperimentLedger
    private let state: Mutex<State>

    /// - Parameter capacity: items within the attribution window that duplicates are recognised of.
    init(_ ledger: ExperimentLedger, capacity: Int) {
        self.ledger = ledger
        state = Mutex(
            State(
                counted: CountedEvents(
                    windowMilliseconds: ledger.windowMilliseconds, capacity: capacity)))
    }

    /// What became of all events so far.
    var counts: FeedbackCounts { state.withLock { $0.counts } }

    /// Items that are remembered.
    var rememberedItems: Int { state.withLock { $0.counted.count } }

    /// Takes the outcomes of one request; says what became of them.
    func take(_ report: Report, now: UInt64) throws(Full) -> FeedbackCounts {
        guard let served = ledger.signer.read(report.token),
            report.requestID.isEmpty || ServedRequest.hash(report.requestID) == served.request
        else { return refuse(report, \.unmatched) }
        let slices = AttributionWindow.Slices(windowMilliseconds: ledger.windowMilliseconds)
        switch slices.refusal(served: served.unixMilliseconds, now: now) {
        case .late: return refuse(report, \.late)
        case .early: return refuse(report, \.early)
        default: break
        }
        guard let series = ledger.series(of: served) else { return refuse(report, \.unmatched) }
        let (taken, isFull) = state.withLock { state in
            var (taken, isFull) = (FeedbackCounts(), false)
            for (position, outcome) in report.items where !isFull {
                isFull = !take(outcome, position, served, series, &state.counted, &taken, now: now)
            }
            state.counts = state.counts + taken
            return (taken, isFull)
        }
        if isFull { throw Full() }
        return taken
    }

    /// False where there is no room to remember it.
    private func take(
        _ outcome: Outcome, _ position: UInt32, _ served: ServedRequest, _ series: ArmSeries,
        _ counted: inout CountedEvents, _ taken: inout FeedbackCounts, now: UInt64
    ) -> Bool {
        let events = Report.events(outcome)
        guard position < served.candidates, outcome.isPossible, !outcome.kinds.isEmpty else {
            taken.invalid += UInt64(events)
            return true
        }
        guard
            let new = counted.add(
                outcome.kinds, request: served.request, position: position, served: served.unixMilliseconds,
                now: now)
        else { return false }
        taken.duplicate += UInt64(events - new.count)
        guard !new.isEmpty else { return true }
        switch series.record(
            outcome.limited(to: new), bucket: Int(served.bucket), served: served.unixMilliseconds, now: now)
        {
        case nil: taken.accepted += UInt64(new.count)
        case .late: taken.late += UInt64(new.count)
        case .early: taken.early += UInt64(new.count)
        case .invalid: taken.invalid += UInt64(new.count)
        }
        return true
    }

    private func refuse(
        _ report: Report, _ count: WritableKeyPath<FeedbackCounts, UInt64>
    ) -> FeedbackCounts {
        var refused = FeedbackCounts()
        refused[keyPath: count] = UInt64(report.eventCount)
        state.withLock { $0.counts = $0.counts + refused }
        return refused
    }
}
