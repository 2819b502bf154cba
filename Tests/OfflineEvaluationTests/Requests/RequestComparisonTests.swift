import DIEN
import Datasets
import Experiment
import Foundation
import JudgedFixture
import Messages
import RequestLog
import Testing

@testable import OfflineEvaluation

@Suite struct RequestComparisonTests {
    private static let items: [UInt64] = [
        153, 1110, 10021, 17202, 3843, 10709, 899, 8125, 2224, 16331, 18, 149,
    ]

    /// Requests of twelve candidates that version 1 answered, each of another user.
    private func logged(_ count: Int) throws -> [LoggedRequest] {
        let one = try JudgedFixture.model("sports@1")
        return try (0..<count).map { number in
            let message = RankRequest(
                routingKey: "u-\(number)", profile: [FeatureColumn(name: "user", ids: [UInt64(number)])],
                history: [FeatureColumn(name: "item", ids: Array(Self.items.prefix(1 + number % 9)))],
                candidates: [FeatureColumn(name: "item", ids: Self.items)])
            let request = LoggedRequest(
                unixMilliseconds: 1, epoch: 3, version: 1, model: "sports", digest: one.digest ?? "",
                arm: "champion", requestID: "r-\(number)", request: message.serialized(),
                scores: [Float](repeating: 0.5, count: Self.items.count))
            let input = try #require(RecordedRequests([request]).requests.first).input
            var answered = request
            answered.scores = try one.model.score(input).probabilities
            return answered
        }
    }

    @Test
    func `two versions on a log agree as far as their own scores do, and what was answered is repeated`()
        async throws
    {
        let (one, two) = (try JudgedFixture.model("sports@1"), try JudgedFixture.model("sports@2"))
        let logged = try logged(30)
        let comparison = try await RequestComparison(one, two, RecordedRequests(logged), data: "log")
        #expect(comparison.compared == 30 && comparison.requests == 30 && comparison.outcomes == nil)
        #expect(comparison.repeated.map(\.requests) == [30, 0] && comparison.repeated[0].equal == 30)
        // The mean of |Δ logit| by hand.
        var sum = 0.0
        for request in RecordedRequests(logged).requests {
            let scores = try [one, two].map { try $0.model.score(request.input).probabilities }
            for (a, b) in zip(scores[0], scores[1]) {
                sum += abs(log(Double(b) / Double(1 - b)) - log(Double(a) / Double(1 - a)))
            }
        }
        #expect(abs(comparison.scores.agreement.meanLogitDistance.value - sum / 360) < 1e-5)
        #expect(comparison.scores.agreement.rankedRequests == 30)
        #expect(comparison.scores.segments.contains { $0.name == "candidates 10-99" && $0.samples == 360 })
        #expect(comparison.scores.disagreements.count == 5)
        #expect(
            comparison.text.contains("no outcomes are known")
                && comparison.html.contains("Biggest disagreements"))
        #expect(try comparison.json().contains("\"compared\":30"))
    }

    @Test func `outcomes of a log file give a verdict over the candidates that were shown`() async throws {
        let logged = try logged(30)
        var join = OutcomeJoin()
        for number in 0..<30 {
            for position in 0..<3 as Range<UInt32> {
                var line = OutcomeLine()
                line.requestID = "r-\(number)"
                // Found by position or by item.
                if position == 0 { line.item = "153" } else { line.position = position }
                line.isImpression = true
                line.isClick = position == UInt32(number % 3)
                join.add(line)
            }
        }
        let recorded = RecordedRequests(logged, &join)
        #expect(recorded.requests.allSatisfy { $0.clicks.count == 3 && $0.clicks.values.count { $0 } == 1 })
        let comparison = try await RequestComparison(
            JudgedFixture.model("sports@1"), JudgedFixture.model("sports@2"), recorded, data: "log")
        let outcomes = try #require(comparison.outcomes)
        #expect(outcomes.evaluation.evaluations[0].samples == 90)
        #expect(outcomes.evaluation.evaluations[0].positives == 30)
    }

    @Test func `requests that neither model can score are told`() async throws {
        var request = try logged(1)[0]
        let other = RankRequest(candidates: [FeatureColumn(name: "brand", ids: Self.items)])
        request.request = other.serialized()
        let recorded = RecordedRequests([request])
        await #expect(throws: OfflineEvaluationError.noCommonRequest(requests: 1)) {
            _ = try await RequestComparison(
                JudgedFixture.model("sports@1"), JudgedFixture.model("sports@2"), recorded, data: "log")
        }
    }
}
