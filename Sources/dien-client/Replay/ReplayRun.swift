import Charts
import Files
import GRPC
import Messages
import RankingClient
import Synchronization
import Terminal

/// Sends a replay: each request at its time, and what became of its candidates when it is answered.
struct ReplayRun: Sendable {
    /// What came of it.
    struct Outcome: Sendable {
        let recorder: ReplayRecorder
        let seconds: Double
        /// The signal that ended it early.
        let signal: Int32?
    }

    let client: RankingClient
    let source: ReplaySource
    /// Of each call.
    let deadline: Duration
    /// Calls in progress at most; more wait, and the replay falls behind.
    let maximumInFlight: Int
    /// Whether outcomes are reported.
    let reports: Bool

    /// Outcomes of so many requests go into one report, at most.
    private static let reportSize = 64
    /// How often a report is tried that the server has no room for, or does not take now.
    private static let reportTries = 5
    /// A caller whose call failed waits this long, lest a dead server be called in a tight loop.
    private static let pause = Duration.milliseconds(10)

    /// How long the reporter waits when there is nothing to report.
    private static let idle = Duration.milliseconds(10)

    private final class State: Sendable {
        let recorder = Mutex(ReplayRecorder())
        let outcomes = Mutex<[RequestOutcomes]>([])
        let isSent = Atomic(false)
        let begin = MonotonicClock.nanoseconds()
    }

    /// Ends when everything is answered and reported, or after SIGINT or SIGTERM.
    func perform() async -> Outcome {
        let state = State()
        // Beside the calls, which do not wait for reports.
        async let reported: Void = reportAll(state)
        await sendAll(state)
        state.isSent.store(true, ordering: .releasing)
        await reported
        ProgressBar.shared.show("replay", done: 1, total: 1) { _ in "" }
        let seconds = Double(MonotonicClock.nanoseconds() - state.begin) / 1e9
        return Outcome(
            recorder: state.recorder.withLock { $0 }, seconds: seconds, signal: StopSignals.pending)
    }

    private func sendAll(_ state: State) async {
        await withTaskGroup(of: Void.self) { group in
            var inFlight = 0
            var limit = maximumInFlight
            if case .callers(let count) = source.pace { limit = count }
            for number in 0..<source.count where StopSignals.pending == nil {
                show(state, sent: number)
                while inFlight >= limit, await group.next() != nil { inFlight -= 1 }
                let intended = source.time(number).map { state.begin + $0 }
                if let intended { await wait(until: intended) }
                guard StopSignals.pending == nil else { break }
                guard let request = source.request(number) else {
                    state.recorder.withLock { $0.couldNotRead() }
                    continue
                }
                inFlight += 1
                group.addTask { await send(request, intended, state) }
            }
            await group.waitForAll()
        }
    }

    /// Until a moment of the monotonic clock, in steps short enough to hear a signal.
    private func wait(until time: UInt64) async {
        while StopSignals.pending == nil {
            let now = MonotonicClock.nanoseconds()
            guard now < time else { return }
            try? await Task.sleep(for: .nanoseconds(Int64(min(time - now, 50_000_000))))
        }
    }

    private func send(_ request: ReplayedRequest, _ intended: UInt64?, _ state: State) async {
        let sent = MonotonicClock.nanoseconds()
        func call() -> ReplayRecorder.Call {
            .init(intended: intended ?? sent, sent: sent, ended: MonotonicClock.nanoseconds())
        }
        do throws(RPCError) {
            let response = try await client.rank(request.message, deadline: .after(deadline))
            let times = call()
            state.recorder.withLock { $0.answered(request, response, times) }
            guard reports, request.labels.count == response.scores.count else { return }
            state.outcomes.withLock { $0.append(RequestOutcomes(request, response)) }
        } catch {
            let times = call()
            state.recorder.withLock { $0.failed(error, times) }
            if intended == nil { try? await Task.sleep(for: Self.pause) }
        }
    }

    /// Reports what there is as it comes, until all is sent: outcomes that waited to fill a report could come too late.
    private func reportAll(_ state: State) async {
        while true {
            let isLast = state.isSent.load(ordering: .acquiring)
            let outcomes = state.outcomes.withLock { waiting -> [RequestOutcomes] in
                let part = Array(waiting.prefix(Self.reportSize))
                waiting.removeFirst(part.count)
                return part
            }
            if !outcomes.isEmpty {
                await report(outcomes, state)
            } else if isLast {
                return
            } else {
                try? await Task.sleep(for: Self.idle)
            }
        }
    }

    /// Repeating a report is safe: what was counted before is recognised.
    private func report(_ outcomes: [RequestOutcomes], _ state: State) async {
        for attempt in 1...Self.reportTries {
            do throws(RPCError) {
                let response = try await client.report(outcomes, deadline: .after(deadline))
                return state.recorder.withLock { $0.reported(response.counts) }
            } catch {
                let isTransient = [.unavailable, .resourceExhausted, .deadlineExceeded].contains(error.code)
                guard isTransient, attempt < Self.reportTries else {
                    return state.recorder.withLock { $0.reportFailed(error, requests: outcomes.count) }
                }
                try? await Task.sleep(for: .milliseconds(50 << attempt))
            }
        }
    }

    private func show(_ state: State, sent: Int) {
        let total = UInt64(max(source.count, 1))
        ProgressBar.shared.show("replay", done: UInt64(sent), total: total) { seconds in
            let failed = state.recorder.withLock { $0.failed }
            let left = ProgressBar.timeLeft(done: UInt64(sent), total: total, seconds: seconds)
            return "\(NumberText.count(sent)) of \(NumberText.count(source.count)) requests, "
                + "\(NumberText.count(Int(Double(sent) / max(seconds, 1e-3))))/s"
                + (failed > 0 ? ", \(NumberText.count(failed)) failed" : "") + ", \(left) left"
        }
    }
}

extension RequestOutcomes {
    /// Every candidate was shown; those with a label of 1 were clicked.
    fileprivate init(_ request: ReplayedRequest, _ response: RankResponse) {
        self.init(
            feedbackToken: response.feedbackToken, requestID: response.requestID,
            items: zip(response.scores, request.labels).enumerated().map { position, item in
                ItemOutcome(
                    position: UInt32(position), score: item.0, impression: true, click: item.1)
            })
    }
}
