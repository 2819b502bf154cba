import Testing

@testable import GRPC
@testable import Serving

@Suite struct LiveHistoryTests {
    private let subject = LiveCounts.Subject.version(.init(model: "sports", number: 1))

    private func history(_ requests: [UInt64], from start: UInt64 = 5_000_000_000) -> LiveHistory {
        var history = LiveHistory()
        for (second, count) in requests.enumerated() {
            history.add(
                [(subject, LiveCounts(requests: count, stages: [[count, 0]]))],
                at: start + UInt64(second) * 1_000_000_000)
        }
        return history
    }

    @Test func `a rate is what was counted over the time that it took`() throws {
        let history = history((0...30).map { $0 * 7 })
        let change = try #require(history.change(of: subject, seconds: 10))
        #expect(change.seconds == 10 && change.counts.requests == 70 && change.rate(\.requests) == 7)
        #expect(change.counts.stages == [[70, 0]])
        let rates = history.requestRates(of: subject)
        #expect(rates.count == 30 && rates.allSatisfy { $0.rate == 7 })
        #expect(rates.first?.secondsAgo == 29 && rates.last?.secondsAgo == 0)
    }

    @Test func `there is no rate before the second sample, and a short one of a short time`() throws {
        #expect(LiveHistory().change(of: subject, seconds: 10) == nil)
        #expect(history([5]).change(of: subject, seconds: 10) == nil)
        #expect(history([5]).requestRates(of: subject).isEmpty)
        let change = try #require(history([5, 9, 20]).change(of: subject, seconds: 10))
        #expect(change.seconds == 2 && change.rate(\.requests) == 7.5)
    }

    @Test func `it keeps two minutes, in any number of samples`() {
        let history = history((0..<1000).map { $0 })
        #expect(history.samples.count == LiveHistory.capacity)
        #expect(history.requestRates(of: subject).map(\.secondsAgo).max() == 119)
        var many = LiveHistory()
        many.add(
            (0..<1000).map { (.version(.init(model: "m", number: $0)), LiveCounts()) }, at: 1)
        #expect(many.samples[0].counts.count == LiveHistory.subjectLimit)
    }

    @Test func `counters that begin anew count from 0, and a clock that stands still adds nothing`() throws {
        let restarted = try #require(history([900, 1000, 4]).change(of: subject, seconds: 1))
        #expect(restarted.counts.requests == 4)
        var still = history([1, 2])
        still.add([(subject, LiveCounts(requests: 9))], at: 6_000_000_000)
        #expect(still.samples.count == 2)
        // A subject that was not there before has had no requests before.
        let other = LiveCounts.Subject.arm(model: "sports", experiment: "x", name: "candidate")
        still.add([(other, LiveCounts(requests: 3))], at: 7_000_000_000)
        #expect(still.change(of: other, seconds: 10)?.counts.requests == 3)
        #expect(still.change(of: subject, seconds: 10) == nil)
    }

    @Test func `errors are the server's or the caller's`() {
        let counters = VersionCounters()
        for code in StatusCode.allCases { counters.count(code) }
        let counts = LiveCounts(counters)
        #expect(counts.requests == 17 && counts.failed == 6 && counts.refused == 10)
    }

    @Test func `percentiles are bounds of buckets, and unknown above the last`() {
        var buckets = [UInt64](repeating: 0, count: DurationHistogram.requestBounds.count + 1)
        #expect(LiveReport.Stage(name: "wait", buckets: buckets).p99 == nil)
        buckets[0] = 50
        buckets[3] = 49
        buckets[14] = 1
        let stage = LiveReport.Stage(name: "wait", buckets: buckets)
        #expect(stage.p50 == 0.0001 && stage.p99 == 0.001)
        buckets[14] = 2
        #expect(LiveReport.Stage(name: "wait", buckets: buckets).p99 == nil)
    }
}
