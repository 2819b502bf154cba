import Charts
import Experiment
import Foundation
import TestSupport
import Testing

@testable import OfflineEvaluation

struct EvaluationResultTests {
    /// 400 samples of 100 users; the second model knows more.
    private func scored(models: Int) -> ScoredSamples {
        var random = SplitMix64.printed("scored split")
        let labels = (0..<400).map { _ in Bool.random(using: &random) }
        let scores = [0.2, 0.5].prefix(models).map { skill in
            labels.map {
                Float(min(max(0.5 + ($0 ? skill : -skill) * 0.5, 0), 1)) * 0.6
                    + Float.random(in: 0...0.4, using: &random)
            }
        }
        return ScoredSamples(
            names: Array(["old", "new"].prefix(models)), scores: scores, labels: labels,
            users: (0..<400).map { $0 / 4 }, lengths: (0..<400).map { $0 % 60 })
    }

    @Test func `the text has every metric with its interval`() throws {
        let scored = scored(models: 1)
        let result = try EvaluationResult(scored, data: "d", split: "test", segments: [])
        let text = result.text(withBins: true)
        let evaluation = try Evaluation(scored.samples(0), groups: scored.groups)
        #expect(text.contains("d, test: 400 samples, \(evaluation.positives) clicks, 100 users"))
        for (name, _, estimate) in evaluation.figures {
            let estimate = try #require(estimate)
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name + " ") })
            #expect(line.contains(NumberText.fixed(estimate.value, 4)), "\(name)")
            let interval = try #require(estimate.interval())
            #expect(
                line.hasSuffix(
                    "\(NumberText.fixed(interval.lower, 4)) to \(NumberText.fixed(interval.upper, 4))"))
        }
        #expect(text.contains("bins of old") && text.split(separator: "\n").contains { $0.hasPrefix("20 ") })
        #expect(text.split(separator: "\n").allSatisfy { $0.last != " " })
    }

    @Test func `two models are compared by DeLong's test over users`() throws {
        let scored = scored(models: 2)
        let result = try EvaluationResult(scored, data: "d", split: "test", segments: [.history])
        let test = try AUC.comparison(scored.samples(0), scored.samples(1), groups: scored.groups)
        let text = result.text(withBins: false)
        #expect(text.contains("new - old"))
        #expect(text.contains(NumberText.signed(test.difference.value, 4)))
        #expect(test.difference.value > 0 && result.comparison?.logLoss.difference.value ?? 1 < 0)
        #expect(
            result.segments.map(\.name) == [
                "history 0", "history 1-4", "history 5-9", "history 10-19", "history 20-49", "history 50+",
            ])
        #expect(result.segments.reduce(0) { $0 + $1.samples } == 400)
    }

    @Test func `the JSON has the same figures under fixed names`() throws {
        let scored = scored(models: 2)
        let result = try EvaluationResult(scored, data: "d/e", split: "test", segments: [.history])
        let text = try result.json()
        #expect(!text.contains("\n") && text.contains("\"data\":\"d/e\""))
        let document = try #require(
            JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(document["samples"] as? Int == 400 && document["users"] as? Int == 100)
        let models = try #require(document["models"] as? [[String: Any]])
        #expect(models.map { $0["model"] as? String } == ["old", "new"])
        let metrics = try #require(models[1]["metrics"] as? [String: [String: Double]])
        let evaluation = try Evaluation(scored.samples(1), groups: scored.groups)
        for (_, key, estimate) in evaluation.figures {
            #expect(isNear(metrics[key]?["value"], estimate?.value), "\(key)")
            #expect(isNear(metrics[key]?["upper"], estimate?.interval()?.upper), "\(key)")
        }
        let comparison = try #require(document["comparison"] as? [String: [String: Any]])
        #expect(isNear(comparison["auc"]?["p"] as? Double, result.comparison?.auc.pValue))
        #expect((document["segments"] as? [Any])?.count == 6)
        #expect((models[0]["bins"] as? [Any])?.count == 20)
    }

    /// JSONSerialization's reader of numbers may be off by the last digit.
    private func isNear(_ found: Double?, _ expected: Double?) -> Bool {
        guard let found, let expected else { return false }
        return abs(found - expected) <= 1e-12 * abs(expected)
    }

    @Test func `a segment of one class has a line without figures`() throws {
        let one = ScoredSamples(
            names: ["m"], scores: [[0.1, 0.9, 0.5]], labels: [false, true, true], users: [0, 0, 1],
            lengths: [2, 3, 70])
        let result = try EvaluationResult(one, data: "d", split: "test", segments: [.history])
        #expect(result.segments.map(\.samples) == [2, 1])
        #expect(result.segments[1].evaluations == nil)
        #expect(result.text(withBins: false).contains("history 50+"))
        #expect(try result.json().contains("\"segment\":\"history 50+\""))
    }
}
