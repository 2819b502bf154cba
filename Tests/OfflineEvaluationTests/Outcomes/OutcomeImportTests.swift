import DIEN
import Datasets
import Experiment
import Foundation
import Messages
import RequestLog
import Testing

@testable import OfflineEvaluation

@Suite struct OutcomeImportTests {
    private static let second: UInt64 = 1000
    private static let begin: UInt64 = 1_764_000_000_000

    private static func logged(
        _ number: Int, user: String = "u-1", arm: String = "candidate", assigned: String = "candidate",
        scores: [Float] = [0.25, 0.5, 0.75]
    ) -> LoggedRequest {
        let message = RankRequest(
            routingKey: user, candidates: [Messages.FeatureColumn(name: "item", ids: [10, 20, 30])])
        return LoggedRequest(
            unixMilliseconds: begin + UInt64(number) * second, epoch: 7, version: 2, model: "sports",
            digest: "sha256:2", arm: arm, assignedArm: assigned, experiment: "sports.4",
            requestID: "r-\(number)", request: message.serialized(), scores: scores)
    }

    private static func line(_ request: String, _ fill: (inout OutcomeLine) -> Void) -> OutcomeLine {
        var line = OutcomeLine()
        line.requestID = request
        fill(&line)
        return line
    }

    private static func facts(_ logged: LoggedRequest, _ key: String) -> OutcomeImport.ArmFacts {
        OutcomeImport.ArmFacts(
            ArmIdentity(
                model: logged.model, experiment: logged.experiment, arm: logged.assignedArm, version: 2),
            weight: 1)
    }

    /// What comes of these lines and requests, long after.
    private static func imported(
        _ lines: [OutcomeLine], _ requests: [LoggedRequest], window: UInt64 = 10,
        countsRequests: Bool = false,
        after seconds: UInt64 = 3600
    ) -> (import: OutcomeImport, join: OutcomeJoin, arm: ArmTally?) {
        var join = OutcomeJoin()
        for line in lines { join.add(line) }
        var counted = OutcomeImport(windowMilliseconds: window * second, countsRequests: countsRequests)
        for request in requests { counted.take(request, &join, facts: facts) }
        let tally = counted.tally(
            now: begin + seconds * second, unmatched: join.waitingEvents, program: "test")
        return (counted, join, tally.models.first?.experiments.first?.arms.first)
    }

    @Test func `events are counted with the probability that the log tells, by the user's bucket`() throws {
        let lines = [
            Self.line("r-0") { ($0.position, $0.isImpression) = (0, true) },
            Self.line("r-0") { ($0.item, $0.isImpression, $0.isClick) = ("30", true, true) },
            Self.line("r-1") { ($0.position, $0.isImpression, $0.revenue) = (1, true, 2.5) },
        ]
        let (counted, join, arm) = Self.imported(lines, [Self.logged(0), Self.logged(1)])
        let counters = try #require(arm).counters
        #expect(counters.total(.impressions) == 3 && counters.total(.clicks) == 1)
        #expect(counters.total(.revenue) == 2.5)
        #expect(counters.total(.predictedClicks) == 0.25 + 0.75 + 0.5)
        #expect(abs(counters.total(.logLoss) + log(0.75) + log(0.75) + log(0.5)) < 1e-12)
        #expect(counters[.impressions][UnitBucket(unit: "u-1").bucket] == 3)
        #expect(counted.feedback == FeedbackCounts(accepted: 5) && join.waitingEvents == 0)
        #expect(arm?.name == "candidate" && arm?.version == 2 && arm?.digest == "sha256:2")
    }

    @Test func `what servers count themselves is left out, or counted where they are not heard`() throws {
        let requests = [
            Self.logged(0), Self.logged(1, user: "u-2"), Self.logged(2, arm: "champion"),
            Self.logged(3, arm: "champion"),
        ]
        let without = Self.imported([], requests).arm
        #expect(without?.counters == ArmCounters() && without?.units == UnitSample())
        let arm = try #require(Self.imported([], requests, countsRequests: true).arm)
        #expect(arm.counters.total(.requests) == 4 && arm.counters.total(.candidates) == 12)
        #expect(arm.units.estimatedUnits == 2)
        // Two of one user within a minute are one event to the guard, as in a server.
        #expect(arm.counters.total(.fallbacks) == 1)
    }

    @Test func `an event counts once, in its window, and of what was served`() {
        let lines = [
            Self.line("r-0") { ($0.position, $0.isImpression) = (0, true) },
            Self.line("r-0") { ($0.position, $0.isImpression, $0.isClick) = (0, true, true) },
            Self.line("r-0") { ($0.position, $0.isClick) = (3, true) },
            Self.line("r-0") { ($0.item, $0.isClick) = ("40", true) },
            Self.line("r-9") { ($0.position, $0.isImpression, $0.isClick) = (0, true, true) },
            Self.line("r-1") {
                ($0.position, $0.isClick) = (0, true)
                $0.unixMilliseconds = Self.begin + 21 * Self.second
            },
        ]
        let (counted, join, arm) = Self.imported(lines, [Self.logged(0), Self.logged(1)])
        #expect(counted.feedback == FeedbackCounts(accepted: 2, late: 1, unmatched: 2, duplicate: 1))
        #expect(join.waitingEvents == 2)
        #expect(arm?.counters.total(.clicks) == 1)
    }

    @Test func `outcomes of a window that is open are told apart`() {
        let lines = [Self.line("r-0") { ($0.position, $0.isImpression) = (0, true) }]
        let open = Self.imported(lines, [Self.logged(0)], after: 5).arm
        #expect(open?.counters.total(.impressions) == 0 && open?.open[.impressions] == 1)
        let over = Self.imported(lines, [Self.logged(0)], after: 12).arm
        #expect(over?.counters.total(.impressions) == 1 && over?.open[.impressions] == 0)
    }

    @Test func `a logged request that cannot be read is counted and passed over`() {
        var broken = Self.logged(0)
        broken.request = [0xFF]
        let (counted, _, arm) = Self.imported([], [broken, Self.logged(1, scores: [0.5])])
        #expect(counted.unreadable == 2 && counted.requests == 0 && arm == nil)
    }

    @Test func `a token names its request whoever signed it, and one that is none is counted`() {
        let token = RequestSigner(key: [UInt8](repeating: 7, count: 16)).sign(
            ServedRequest(
                epoch: 7, unixMilliseconds: Self.begin, arm: 1, version: 2, bucket: 3,
                request: ServedRequest.hash("r-0"), candidates: 3))
        var line = OutcomeLine()
        (line.token, line.position, line.isImpression) = (token, 2, true)
        var none = line
        none.token = [1, 2, 3]
        let (counted, join, _) = Self.imported([line, none], [Self.logged(0)])
        #expect(counted.feedback.accepted == 1 && join.unreadableTokens == 1)
    }
}
