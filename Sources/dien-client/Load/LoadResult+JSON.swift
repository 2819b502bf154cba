import Foundation
import Messages
import RankingClient

extension LoadResult {
    /// One line of JSON; times in milliseconds unless a name says otherwise.
    func json() throws -> String {
        try encodeJSON(Document(self), keys: .convertToSnakeCase)
    }

    struct Document: Encodable {
        let server, started, mode: String
        let model: Model
        let seed: UInt64
        let connections, threads: Int
        let concurrency: Int?
        let seconds, warmupSeconds, deadlineMs: Double
        let calls, answered, failed, unsent, warmupCalls: UInt64
        let inProgress: Int
        let rateAsked: Double?
        let rateReached: Double
        let latencyMs, serviceMs, clientLagMs, serverMs: Summary
        let clientBusy: Double
        let warning: String?
        let interrupted: Bool
        let errors: [Failure]
        let bytesSent, bytesReceived: UInt64
        let percentiles: [Point]
        let timeline: [Interval]

        struct Model: Encodable {
            let name, alias: String
            let version: UInt64
        }

        struct Summary: Encodable {
            let count: UInt64
            let p50, p90, p99, p999, p9999, max, mean: Double

            init(_ summary: LatencySummary) {
                count = summary.count
                (p50, p90, p99) = (summary.values[0], summary.values[1], summary.values[2])
                (p999, p9999) = (summary.values[3], summary.values[4])
                (max, mean) = (summary.maximum, summary.mean)
            }
        }

        struct Failure: Encodable {
            let status: String
            let count: UInt64
            let message: String
        }

        struct Point: Encodable {
            let percentile, latencyMs: Double
        }

        struct Interval: Encodable {
            let second, seconds: Double
            let started, completed, failed: UInt64
            let p50Ms, p99Ms, maxMs: Double?
        }

        init(_ result: LoadResult) {
            let (plan, total) = (result.plan, result.total)
            server = plan.server.description
            started = result.started
            model = Model(name: plan.model.name, alias: plan.model.alias, version: plan.model.version)
            switch plan.mode {
            case .closed(let callers): (mode, concurrency) = ("closed", callers)
            case .open(_, let isPoisson, _): (mode, concurrency) = (isPoisson ? "poisson" : "fixed", nil)
            }
            (seed, connections, threads) = (plan.seed, plan.connections, plan.threads)
            (seconds, warmupSeconds) = (result.seconds, Double(plan.warmup) / 1e9)
            deadlineMs = plan.deadline / .milliseconds(1)
            (calls, answered, failed) = (result.calls, total.answered, total.failed)
            (unsent, warmupCalls, inProgress) = (total.unsent, total.warmup, result.inProgress)
            (rateAsked, rateReached) = (result.rateAsked, result.rateReached)
            (latencyMs, serviceMs) = (Summary(result.latency), Summary(result.service))
            (clientLagMs, serverMs) = (Summary(result.lag), Summary(result.server))
            (clientBusy, warning) = (result.busy, result.saturation)
            interrupted = result.signal != nil
            errors = result.failures.map {
                Failure(status: "\($0.status)", count: $0.failures.count, message: $0.failures.message)
            }
            (bytesSent, bytesReceived) = (total.bytesSent, total.bytesReceived)
            percentiles = total.latency.curve().map {
                Point(percentile: $0.percentile, latencyMs: Double($0.nanoseconds) / 1e6)
            }
            timeline = result.course.placed(until: result.measured).map {
                Interval(
                    second: $0.second, seconds: $0.length, started: $0.interval.started,
                    completed: $0.interval.completed,
                    failed: $0.interval.failed, p50Ms: $0.interval.milliseconds(50),
                    p99Ms: $0.interval.milliseconds(99), maxMs: $0.interval.milliseconds(100))
            }
        }
    }
}
