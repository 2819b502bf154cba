import GRPC

/// What was counted of a version, or of an arm, until a moment.
struct LiveCounts: Sendable, Equatable {
    /// Whose requests they are.
    enum Subject: Hashable, Sendable {
        case version(ServingMetrics.Version)
        case arm(model: String, experiment: String, name: String)
    }

    /// Requests, however they ended.
    var requests: UInt64 = 0
    /// Of them, those that ended with an error of the server.
    var failed: UInt64 = 0
    /// Those that the caller made wrong, or gave up.
    var refused: UInt64 = 0
    /// Those that the champion answered for an arm.
    var fallbacks: UInt64 = 0
    /// Observations in the buckets of `DurationHistogram.requestBounds`, one list a stage.
    var stages: [[UInt64]] = []

    /// What came to `earlier` until now. Counters that were set back begin at 0.
    func since(_ earlier: LiveCounts?) -> LiveCounts {
        guard let earlier, earlier.requests <= requests else { return self }
        func less(_ now: UInt64, _ then: UInt64) -> UInt64 { now > then ? now - then : 0 }
        return LiveCounts(
            requests: less(requests, earlier.requests), failed: less(failed, earlier.failed),
            refused: less(refused, earlier.refused), fallbacks: less(fallbacks, earlier.fallbacks),
            stages: zip(stages, earlier.stages).map { zip($0, $1).map(less) })
    }
}

extension LiveCounts {
    init(_ counters: VersionCounters) {
        for (code, count) in counters.callsByStatus {
            requests += count
            if code.isFaultOfServer { failed += count } else if code != .ok { refused += count }
        }
        stages = [counters.wait, counters.scoring, counters.total].map(\.counts.buckets)
    }
}

extension StatusCode {
    /// Whether a call that ended so failed for a reason that whoever runs the server should know of; other errors are of
    /// the caller's making.
    var isFaultOfServer: Bool {
        switch self {
        case .unknown, .deadlineExceeded, .resourceExhausted, .internal, .unavailable, .dataLoss: true
        default: false
        }
    }
}
