import Experiment
import Foundation
import Testing

@testable import OfflineEvaluation

struct ModelComparisonTests {
    @Test func `a model that is better passes, and is said to be better`() throws {
        let comparison = try ComparedFixture.comparison(
            ComparedFixture.samples(users: 1500, skills: [0.6, 1.4]))
        #expect(
            comparison.verdict.checks.filter { $0.name != "calibration" }.allSatisfy { $0.decision == .pass })
        #expect(comparison.verdict.checks[0].reason == "better for certain")
        let last = try #require(comparison.lift.looks.last)
        #expect(last.units == 1500 && last.interval.lower > 0)
    }

    @Test func `a model that is worse fails, by every margin that is narrower than its loss`() throws {
        let scored = ComparedFixture.samples(users: 1500, skills: [1.4, 0.6])
        let comparison = try ComparedFixture.comparison(scored)
        #expect(comparison.verdict.decision == .fail)
        #expect(comparison.meaning.hasPrefix("new is worse than old by more than the margin, at 95 %: AUC,"))
        let loss = -(try #require(comparison.evaluation.comparison).auc.difference.value)
        #expect(loss > 0.05)
        var margins = ComparisonMargins()
        margins.auc = loss * 2
        let wide = try ComparedFixture.comparison(scored, margins)
        #expect(
            wide.verdict.checks[0].decision == .pass && wide.verdict.checks[0].reason.hasPrefix("not worse"))
        margins.auc = loss
        #expect(try ComparedFixture.comparison(scored, margins).verdict.checks[0].decision == .hold)
    }

    @Test func `a model passes against itself`() throws {
        var scored = ComparedFixture.samples(users: 200, skills: [1, 1])
        scored.scores[1] = scored.scores[0]
        let comparison = try ComparedFixture.comparison(scored)
        #expect(comparison.verdict.decision == .pass)
        #expect(comparison.agreement.largestDistance == 0 && comparison.stability?.value == 0)
        #expect(comparison.kolmogorovSmirnov?.distance == 0 && comparison.lift.looks.last?.lift == 0)
    }

    @Test func `too few samples hold, and one user is insufficient`() throws {
        let few = ComparedFixture.samples(users: 40, skills: [1, 1])
        #expect(try ComparedFixture.comparison(few).verdict.decision == .hold)
        var one = few
        one.users = [Int](repeating: 7, count: 80)
        #expect(try ComparedFixture.comparison(one).verdict.decision == .insufficient)
        var sameClass = few
        sameClass.labels = [Bool](repeating: true, count: 80)
        #expect(throws: MetricError.self) { try ComparedFixture.comparison(sameClass) }
    }

    /// Logits of the second stand 0.3 higher: it promises more clicks than there are.
    @Test func `promises that move away from 1 fail, and those that move towards it pass`() throws {
        let shifted = ComparedFixture.samples(users: 1500, skills: [1, 1], shift: 0.3)
        func calibration(_ scored: ScoredSamples) throws -> Verdict.Check {
            try #require(
                ComparedFixture.comparison(scored).verdict.checks.first { $0.name == "calibration" })
        }
        #expect(try calibration(shifted).decision == .fail)
        var back = shifted
        back.scores.swapAt(0, 1)
        #expect(try calibration(back).decision == .pass)
    }

    @Test func `a slow model holds`() throws {
        let scored = ComparedFixture.samples(users: 1500, skills: [1, 1.4])
        let latency = ScoringLatency(
            seconds: [[1, 2, 3, 10], [4, 9, 6, 7]].map { $0.map { $0 * 1e-6 } }, meanCandidates: 2)
        // Medians 2 and 6, totals 16 and 26.
        #expect(abs(latency.ratio - 3) < 1e-9 && abs((latency.totalRatio?.value ?? 0) - 26.0 / 16) < 1e-9)
        let comparison = try ComparedFixture.comparison(scored, latency: latency)
        #expect(comparison.verdict.checks.last?.decision == .hold)
        #expect(try ComparedFixture.comparison(scored, latency: nil).verdict.checks.count == 4)
    }

    @Test func `JSON and text tell the verdict, the figures and the disagreements`() throws {
        let comparison = try ComparedFixture.comparison(
            ComparedFixture.samples(users: 300, skills: [1, 1.2]))
        let json = try comparison.json()
        let document = try #require(
            JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let verdict = try #require(document["verdict"] as? [String: Any])
        #expect(verdict["decision"] as? String == comparison.verdict.decision.rawValue)
        let agreement = try #require(document["agreement"] as? [String: Any])
        #expect(agreement["ranked_requests"] as? Int == 300)
        let evaluation = try #require(document["evaluation"] as? [String: Any])
        #expect(evaluation["samples"] as? Int == 600)
        let told = try #require(document["disagreements"] as? [[String: Any]])
        #expect(told.count == 3)
        // The oldest of four behaviours is beyond what the models used.
        let attention = try #require(told[0]["attention"] as? [[Double]])
        #expect(attention.map(\.count) == [4, 4] && attention.allSatisfy { $0[0] == 0 && $0[1] > 0 })
        let text = comparison.text
        #expect(text.hasPrefix("\(comparison.verdict.decision.rawValue)  "))
        for part in ["ratio of medians", "1.50", "Kendall", "PSI", "biggest disagreements", "history 1-4"] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(text.components(separatedBy: "\n").dropFirst().allSatisfy { $0.count <= 120 })
    }
}
