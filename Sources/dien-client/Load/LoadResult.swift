import Charts
import GRPC

/// What a load came to.
struct LoadResult {
    let plan: LoadPlan
    let total: LoadRecorder
    /// When the load began, RFC 3339.
    let started: String
    /// The signal that ended it early.
    let signal: Int32?
    /// Calls that were not waited for at the end.
    let inProgress: Int
    /// Nanoseconds from the end of the warm-up to the end of the load.
    let measured: UInt64
    /// The share of their time that the threads of this program ran.
    let busy: Double

    init(plan: LoadPlan, shares: [LoadShare], started: String, signal: Int32?) {
        self.plan = plan
        self.started = started
        self.signal = signal
        var total = shares[0].recorder
        for share in shares.dropFirst() { total.add(share.recorder) }
        self.total = total
        inProgress = shares.reduce(0) { $0 + $1.inProgress }
        let end = plan.calls == nil ? total.end : min(total.end, total.lastEnd)
        measured = end - min(end, total.begin)
        let elapsed = shares.reduce(0.0) { $0 + Double($1.elapsed) }
        busy = elapsed > 0 ? shares.reduce(0.0) { $0 + Double($1.processorTime) } / elapsed : 0
    }

    var seconds: Double { Double(measured) / 1e9 }
    /// Calls that the load consists of: those that ended, and those that were meant to start and never did.
    var calls: UInt64 { total.answered + total.failed + total.unsent }
    var rateReached: Double { seconds > 0 ? Double(total.completedInWindow) / seconds : 0 }
    var rateAsked: Double? {
        if case .open(let rate, _, _) = plan.mode { rate } else { nil }
    }

    var latency: LatencySummary { LatencySummary(total.latency) }
    var service: LatencySummary { LatencySummary(total.service) }
    var lag: LatencySummary { LatencySummary(total.lag) }
    var server: LatencySummary { LatencySummary(total.server) }

    /// The course of the measured time, in intervals of calls enough to tell something of each.
    var course: LoadTimeline {
        var course = total.timeline
        while course.intervals.count > 40, calls / UInt64(course.intervals.count) < 100 { course.coarsen() }
        return course
    }

    /// Failures by status, the most frequent first.
    var failures: [(status: StatusCode, failures: LoadRecorder.Failures)] {
        total.failures.map { (status: $0.key, failures: $0.value) }
            .sorted { ($1.failures.count, $0.status.rawValue) < ($0.failures.count, $1.status.rawValue) }
    }

    /// Why the figures tell of this program rather than of the server; nil where they do not.
    var saturation: String? {
        if busy > 0.9 {
            return
                "this program's threads were \(Int(busy * 100)) % busy: more --threads, or another machine for it"
        }
        // A caller would not notice less; more is a share of the latency that is not the server's.
        if lag.p99 > max(1, latency.median / 2) {
            return
                "this program sent its calls up to \(MillisecondText.text(lag.p99)) ms late (p99), and that is in the "
                + "latencies: give it a core of its own, or more --threads"
        }
        return nil
    }
}

/// Milliseconds with three significant digits, and no more than three after the point.
enum MillisecondText {
    static func text(_ milliseconds: Double) -> String {
        let digits = milliseconds < 1 ? 3 : milliseconds < 100 ? 2 : milliseconds < 1000 ? 1 : 0
        return NumberText.fixed(milliseconds, digits)
    }
}
