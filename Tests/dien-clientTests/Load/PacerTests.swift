import Testing

@testable import dien_client

private let second: UInt64 = 1_000_000_000
private let millisecond: UInt64 = 1_000_000

/// Drives a pacer and a recorder in simulated time against a server of which `end` tells when a call that is sent at a
/// time is answered.
private func simulate(
    _ pacer: Pacer, warmup: UInt64 = 0, end answer: (UInt64) -> UInt64
) -> (recorder: LoadRecorder, pacer: Pacer) {
    var pacer = pacer
    var recorder = LoadRecorder(begin: warmup, end: pacer.end)
    var open: [LoadRecorder.Call] = []
    var now: UInt64 = 0
    while true {
        var wake = UInt64.max
        switch pacer.next(now: now) {
        case .send(let intended, let lag):
            recorder.started(intended: intended, sent: now, lag: lag, bytes: 0)
            open.append(LoadRecorder.Call(intended: intended, sent: now, ended: max(answer(now), now)))
            continue
        case .wait(let until): wake = until
        case .blocked: break
        case .finished:
            if open.isEmpty {
                pacer.giveUp { recorder.gaveUp(intended: $0, now: now) }
                return (recorder, pacer)
            }
        }
        let first = open.indices.min { open[$0].ended < open[$1].ended }
        if let first, open[first].ended <= wake {
            let call = open.remove(at: first)
            now = max(now, call.ended)
            recorder.ended(call, .answered(bytes: 1))
            pacer.ended(now: now, failed: false)
        } else {
            now = wake
        }
    }
}

@Suite struct PacerTests {
    private static func open(_ rate: Double, limit: Int, seconds: UInt64) -> Pacer {
        Pacer(.arrivals(ArrivalSchedule(rate: rate, spacing: .even), limit: limit), end: seconds * second)
    }

    /// The example of Gil Tene's talk "How NOT to Measure Latency": 100 calls a second by one caller; the server answers
    /// within 1 ms for 100 s, then stands still for 100 s. What a caller who waits for his answers writes down says
    /// 1 ms at 99.99 %; what users would have seen is 1 ms at 50 %, 50 s at 75 %, 100 s at 99.99 %, 25 s in the mean.
    @Test func `a stall counts for every call that it held up, and service time does not show it`() {
        let (recorder, _) = simulate(Self.open(100, limit: 1, seconds: 200)) { sent in
            if sent < 100 * second { return sent + millisecond }
            return sent < 200 * second ? 200 * second : sent + 1
        }
        let (latency, service) = (LatencySummary(recorder.latency), LatencySummary(recorder.service))
        #expect(latency.count == 20_000)
        #expect(abs(latency.median - 1) < 0.01)
        #expect(abs(recorder.latency.value(atPercentile: 75).seconds - 50) < 0.1)
        #expect(abs(latency.values[4] / 1000 - 100) < 0.2)
        #expect(abs(latency.mean / 1000 - 25) < 0.05)
        #expect(abs(service.values[4] - 1) < 0.01)
    }

    @Test func `with calls enough in progress none is late, and latency is service time`() {
        let (recorder, _) = simulate(Self.open(100, limit: 20_000, seconds: 200)) { sent in
            (100 * second..<200 * second).contains(sent) ? 200 * second : sent + millisecond
        }
        #expect(recorder.lag.maximum == 0)
        #expect(recorder.latency.value(atPercentile: 75) == recorder.service.value(atPercentile: 75))
        #expect(abs(recorder.latency.value(atPercentile: 75).seconds - 50) < 0.1)
    }

    @Test func `what a slow server leaves unsent at the end is counted with the time it had waited`() {
        // One call in progress at 10 ms each is 100/s; 200/s are asked for. Of 2,000 arrivals in 10 s, 1,011 are sent by
        // the end of the grace of 0.1 s, and the last of them ends at 10.11 s.
        let (recorder, _) = simulate(Self.open(200, limit: 1, seconds: 10)) { $0 + 10 * millisecond }
        #expect(recorder.answered + recorder.unsent == 2000)
        #expect(abs(Double(recorder.answered) - 1011) <= 2)
        #expect(recorder.latency.count == 2000)
        // Arrival n starts at 5n ms and would be sent at 10n ms: the one at 5.05 s waits longest, 5.05 s.
        #expect(abs(LatencySummary(recorder.latency).maximum / 1000 - 5.06) < 0.02)
        #expect(recorder.lag.maximum == 0, "the server was slow, not this program")
        #expect(recorder.completedInWindow == 1000)
    }

    @Test func `a program that wakes late is seen in its lag`() {
        var pacer = Self.open(1000, limit: 10, seconds: 1)
        #expect(pacer.next(now: 0) == .send(intended: 0, lag: 0))
        #expect(pacer.next(now: 0) == .wait(until: millisecond))
        #expect(pacer.next(now: 3 * millisecond) == .send(intended: millisecond, lag: 2 * millisecond))
        #expect(pacer.next(now: 3 * millisecond) == .send(intended: 2 * millisecond, lag: millisecond))
    }

    @Test func `a closed loop has its callers in progress and no more`() {
        let (recorder, pacer) = simulate(Pacer(.callers(4), end: 10 * second)) { $0 + 10 * millisecond }
        #expect(recorder.answered == 4000)
        #expect(pacer.inFlight == 0)
        #expect(recorder.completedInWindow == 4000)
    }

    @Test func `a caller whose call failed waits before the next`() {
        var pacer = Pacer(.callers(2), end: second)
        #expect(pacer.next(now: 0) == .send(intended: 0, lag: 0))
        #expect(pacer.next(now: 0) == .send(intended: 0, lag: 0))
        #expect(pacer.next(now: 0) == .blocked)
        pacer.ended(now: 10, failed: true)
        #expect(pacer.next(now: 10) == .wait(until: 10 + Pacer.pause))
        pacer.ended(now: 20, failed: false)
        #expect(pacer.next(now: 25) == .send(intended: 20, lag: 5))
        #expect(pacer.next(now: 10 + Pacer.pause) == .send(intended: 10 + Pacer.pause, lag: 0))
    }

    @Test func `calls of the warm-up do not count`() {
        let (recorder, _) = simulate(Self.open(100, limit: 10, seconds: 3), warmup: second) { sent in
            sent + (sent < second ? 100 : 1) * millisecond
        }
        #expect((recorder.warmup, recorder.answered) == (100, 200))
        #expect(LatencySummary(recorder.latency).maximum < 1.01)
    }

    @Test func `what was due when the load was stopped is missing, what would have come is not`() {
        var pacer = Self.open(100, limit: 1, seconds: 10)
        #expect(pacer.next(now: 0) == .send(intended: 0, lag: 0))
        pacer.stop(now: 55 * millisecond)
        #expect(pacer.next(now: 55 * millisecond) == .finished)
        var missing: [UInt64] = []
        pacer.giveUp { missing.append($0 / millisecond) }
        #expect(missing == [10, 20, 30, 40, 50])
    }
}

extension UInt64 {
    fileprivate var seconds: Double { Double(self) / 1e9 }
}
