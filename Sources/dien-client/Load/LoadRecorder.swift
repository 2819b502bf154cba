import GRPC

/// Collects what a worker's calls came to. Memory does not grow with the calls.
///
/// Times are nanoseconds from the begin of the load. Only calls that were meant to start after the warm-up count.
struct LoadRecorder: Sendable {
    /// The times of one call.
    struct Call: Sendable {
        /// When it was meant to start, when it was sent, when it ended.
        var intended, sent, ended: UInt64
    }

    /// How one ended.
    enum Outcome: Sendable {
        /// The bytes of the answer's message.
        case answered(bytes: Int)
        case failed(StatusCode, message: String)
    }

    /// Failures of one status, and what the first of them said.
    struct Failures: Sendable {
        var count: UInt64 = 0
        var message = ""
    }

    /// The end of the warm-up.
    let begin: UInt64
    /// From the intended start to the end of calls that were answered or ran out of time.
    private(set) var latency = LatencyHistogram()
    /// The same from the moment of sending: what is reported where coordinated omission is not thought of.
    private(set) var service = LatencyHistogram()
    /// For how long this program held calls up.
    private(set) var lag = LatencyHistogram()
    /// The server's own measure of some of the calls.
    private(set) var server = LatencyHistogram()
    private(set) var timeline = LoadTimeline()
    private(set) var failures: [StatusCode: Failures] = [:]
    private(set) var sent: UInt64 = 0
    private(set) var answered: UInt64 = 0
    /// Calls that were meant to start in time and were never sent.
    private(set) var unsent: UInt64 = 0
    private(set) var bytesSent: UInt64 = 0
    private(set) var bytesReceived: UInt64 = 0
    /// Calls of the warm-up, of which nothing else is known.
    private(set) var warmup: UInt64 = 0
    /// When the last call ended.
    private(set) var lastEnd: UInt64 = 0
    /// Answers that came after the warm-up and no later than `end`, whenever their calls began.
    private(set) var completedInWindow: UInt64 = 0
    /// When calls cease to count as answered in time.
    private(set) var end: UInt64

    init(begin: UInt64, end: UInt64) {
        (self.begin, self.end) = (begin, end)
    }

    var failed: UInt64 { failures.values.reduce(0) { $0 + $1.count } }

    /// The load ends earlier than it was to.
    mutating func stop(at time: UInt64) { end = min(end, time) }

    mutating func started(intended: UInt64, sent time: UInt64, lag nanoseconds: UInt64, bytes: Int) {
        guard intended >= begin else {
            warmup += 1
            return
        }
        sent += 1
        bytesSent += UInt64(bytes)
        lag.record(nanoseconds)
        timeline.started(at: time - begin)
    }

    mutating func ended(_ call: Call, _ outcome: Outcome) {
        lastEnd = max(lastEnd, call.ended)
        if call.ended >= begin, call.ended <= end { completedInWindow += 1 }
        guard call.intended >= begin else { return }
        switch outcome {
        case .answered(let bytes):
            answered += 1
            bytesReceived += UInt64(bytes)
            record(call)
        case .failed(let status, let message):
            var failures = failures[status] ?? Failures(message: message)
            failures.count += 1
            self.failures[status] = failures
            // A call that nobody answered in time took at least that long; other failures say nothing of speed.
            if status == .deadlineExceeded { record(call) }
        }
        if call.ended <= end, call.ended >= begin {
            var isFailure = true
            if case .answered = outcome { isFailure = false }
            timeline.completed(at: call.ended - begin, failed: isFailure)
        }
    }

    /// A call that was never sent has waited from its intended start to now, at least.
    mutating func gaveUp(intended: UInt64, now: UInt64) {
        guard intended >= begin else { return }
        unsent += 1
        latency.record(now - min(now, intended))
        timeline.latency(now - min(now, intended), intended: intended - begin)
    }

    mutating func server(microseconds: UInt64) {
        server.record(min(microseconds, LatencyHistogram.highest / 1000) * 1000)
    }

    private mutating func record(_ call: Call) {
        let time = call.ended - min(call.ended, call.intended)
        latency.record(time)
        service.record(call.ended - min(call.ended, call.sent))
        timeline.latency(time, intended: call.intended - begin)
    }

    /// Takes in what another worker saw in the same time.
    mutating func add(_ other: LoadRecorder) {
        latency.add(other.latency)
        service.add(other.service)
        lag.add(other.lag)
        server.add(other.server)
        timeline.add(other.timeline)
        failures.merge(other.failures) { left, right in
            Failures(count: left.count + right.count, message: left.message)
        }
        sent += other.sent
        answered += other.answered
        unsent += other.unsent
        bytesSent += other.bytesSent
        bytesReceived += other.bytesReceived
        warmup += other.warmup
        completedInWindow += other.completedInWindow
        lastEnd = max(lastEnd, other.lastEnd)
        end = min(end, other.end)
    }
}
