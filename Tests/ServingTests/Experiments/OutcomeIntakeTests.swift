import Experiment
import TestSupport
import Testing

@testable import Serving

/// What is believed of reported outcomes.
@Suite struct OutcomeIntakeTests {
    private let ledger = ExperimentLedger(
        signer: RequestSigner(key: Array(0..<32)), windowMilliseconds: 8000)
    private let intake: OutcomeIntake
    private let series: ArmSeries
    private static let identity = ArmIdentity(model: "sports", experiment: "e", arm: "a", version: 2)

    init() {
        intake = OutcomeIntake(ledger, capacity: 100)
        series = ledger.series(of: Self.identity)
    }

    private func served(at time: UInt64 = 1000, arm: UInt64 = identity.hash) -> ServedRequest {
        ServedRequest(
            epoch: 1, unixMilliseconds: time, arm: arm, version: 2, bucket: 5,
            request: ServedRequest.hash("r-1"), candidates: 3)
    }

    private func take(
        _ outcomes: [(UInt32, Outcome)], _ served: ServedRequest? = nil, id: String = "r-1",
        now: UInt64 = 1000, damage: (inout [UInt8]) -> Void = { _ in }
    ) throws -> FeedbackCounts {
        var token = ledger.signer.sign(served ?? self.served())
        damage(&token)
        return try intake.take(
            OutcomeIntake.Report(token: token, requestID: id, items: outcomes.map { ($0.0, $0.1) }), now: now)
    }

    private let shown = Outcome(probability: 0.25, isImpression: true)
    private let clicked = Outcome(probability: 0.25, isImpression: true, isClick: true, revenue: 2)

    @Test func `outcomes come to the arm and bucket that the token names, when their window is over`() throws
    {
        #expect(try take([(0, shown), (2, clicked)]) == FeedbackCounts(accepted: 4))
        #expect(try take([(0, Outcome(probability: 0.25, isClick: true))], id: "", now: 5000).accepted == 1)
        let early = series.counters(now: 9000)
        #expect(early.closed == ArmCounters() && early.open[.clicks] == 2 && early.open[.impressions] == 2)
        let (closed, open) = series.counters(now: 10_000)
        #expect(closed[.clicks][5] == 2 && closed[.impressions][5] == 2 && closed.total(.revenue) == 2)
        #expect(open == ArmTally.Open())
        #expect(intake.counts == FeedbackCounts(accepted: 5))
    }

    @Test func `what this key has not signed, or of another request, is unmatched`() throws {
        #expect(try take([(0, clicked)]) { $0[20] ^= 1 } == FeedbackCounts(unmatched: 3))
        #expect(try take([(0, clicked)]) { $0 = [] } == FeedbackCounts(unmatched: 3))
        #expect(try take([(0, shown)], id: "r-2") == FeedbackCounts(unmatched: 1))
        let other = RequestSigner(key: Array(1..<33)).sign(served())
        #expect(try take([(0, shown)]) { $0 = other } == FeedbackCounts(unmatched: 1))
        #expect(try take([(0, shown)], served(arm: 1)) == FeedbackCounts(unmatched: 1))
        #expect(series.counters(now: .max / 2).closed == ArmCounters())
    }

    @Test func `late and early ones are told apart`() throws {
        #expect(try take([(0, shown)], now: 9999) == FeedbackCounts(accepted: 1))
        #expect(try take([(1, clicked)], now: 10_000) == FeedbackCounts(late: 3))
        #expect(try take([(0, shown)], served(at: 12_001), now: 11_000) == FeedbackCounts(early: 1))
        #expect(try take([(0, shown)], served(at: .max), now: 11_000) == FeedbackCounts(early: 1))
        // Nobody keeps counters for what is late anyway.
        #expect(try take([(0, shown)], served(arm: 1), now: 10_000) == FeedbackCounts(late: 1))
    }

    @Test func `an event counts once`() throws {
        #expect(try take([(0, shown)]).accepted == 1)
        #expect(try take([(0, clicked)]) == FeedbackCounts(accepted: 2, duplicate: 1))
        #expect(try take([(0, clicked), (0, shown)]) == FeedbackCounts(duplicate: 4))
        #expect(series.counters(now: 1000).open[.impressions] == 1)
        #expect(series.counters(now: 1000).open[.revenue] == 2)
    }

    @Test(
        arguments: [
            (3, Outcome(probability: 0.5, isClick: true)), (.max, Outcome(probability: 0.5, isClick: true)),
            (0, Outcome(probability: .nan, isClick: true)), (0, Outcome(probability: 1.01, isClick: true)),
            (0, Outcome(probability: -0.01, isClick: true)), (0, Outcome(probability: 0.5)),
            (0, Outcome(probability: 0.5, cost: .infinity)), (0, Outcome(probability: 0.5, revenue: -.nan)),
            (0, Outcome(probability: 0.5, revenue: 1e13)),
        ] as [(UInt32, Outcome)])
    func `what cannot be is invalid, and leaves no trace`(position: UInt32, outcome: Outcome) throws {
        #expect(try take([(position, outcome)]) == FeedbackCounts(invalid: 1))
        #expect(series.counters(now: 1000).open == ArmTally.Open())
        #expect(intake.rememberedItems == 0)
    }

    @Test func `a full memory refuses, and has counted nothing twice when the report is repeated`() throws {
        let small = OutcomeIntake(ledger, capacity: 2)
        let report = OutcomeIntake.Report(
            token: ledger.signer.sign(served()), requestID: "", items: [(0, shown), (1, shown), (2, shown)])
        #expect(throws: OutcomeIntake.Full.self) { try small.take(report, now: 1000) }
        #expect(small.counts == FeedbackCounts(accepted: 2))
        #expect(throws: OutcomeIntake.Full.self) { try small.take(report, now: 1000) }
        #expect(small.counts == FeedbackCounts(accepted: 2, duplicate: 2))
        #expect(series.counters(now: 1000).open[.impressions] == 2)
    }
}
