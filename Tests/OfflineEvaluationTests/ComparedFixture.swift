import DIEN
import Experiment
import Foundation
import JudgedFixture
import TestSupport

@testable import OfflineEvaluation

/// Samples of two models whose skills are chosen.
enum ComparedFixture {
    /// Two samples a user of one history, clicks at random. A skill is how far a click's logit stands above another's;
    /// both models share most of their noise.
    static func samples(users: Int, skills: [Double], shift: Double = 0) -> ScoredSamples {
        var random = SplitMix64.printed("compared samples")
        var scores: [[Float]] = [[], []]
        var labels: [Bool] = []
        for _ in 0..<2 * users {
            let isClick = Bool.random(using: &random)
            let noise = Double.random(in: -2...2, using: &random)
            labels.append(isClick)
            for model in 0..<2 {
                let own = Double.random(in: -0.2...0.2, using: &random)
                let logit = noise + own + (isClick ? 0.5 : -0.5) * skills[model] + (model == 1 ? shift : 0)
                scores[model].append(Float(1 / (1 + exp(-logit))))
            }
        }
        return ScoredSamples(
            names: ["old", "new"], scores: scores, labels: labels, users: (0..<2 * users).map { $0 / 2 },
            lengths: (0..<2 * users).map { $0 / 2 % 60 },
            unknownShares: (0..<2 * users).map { $0 / 2 % 3 == 0 ? 0.2 : 0 })
    }

    static func comparison(
        _ scored: ScoredSamples, _ margins: ComparisonMargins = ComparisonMargins(),
        latency: ScoringLatency? = ScoringLatency(
            seconds: [[1e-5, 2e-5], [1.5e-5, 3e-5]], meanCandidates: 2)
    ) throws -> ModelComparison {
        try ModelComparison(
            scored, data: "d<ata", split: "test", margins: margins, latency: latency, disagreements: 3
        ) { sample in
            Disagreement(
                origin: .user(scored.users[sample]), target: "t\(sample)", isClicked: scored.labels[sample],
                behaviours: ["7", "149", "150", "<151>"],
                explained: try ["sports@1", "sports@2"].map(explained))
        }
    }

    /// What a committed model says of three behaviours.
    private static func explained(by name: String) throws -> Explanation.Candidate {
        let input = RankingInput(
            profile: [FeatureColumn(name: "user", values: .ids([7]))],
            history: [FeatureColumn(name: "item", values: .ids([149, 150, 151]))],
            candidates: [FeatureColumn(name: "item", values: .ids([153]))], context: [])
        return try JudgedFixture.model(name).model.explain(input).candidates[0]
    }
}
