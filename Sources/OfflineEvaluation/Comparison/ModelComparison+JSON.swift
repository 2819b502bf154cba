internal import DIEN
internal import Experiment

extension ModelComparison {
    /// One JSON object on one line, with sorted keys in snake case; a figure that the samples do not give is left out.
    public func json() throws -> String { try EvaluationResult.line(Document(self)) }

    struct Document: Encodable {
        let first: String
        let second: String
        let verdict: Judged
        let evaluation: EvaluationResult.Document
        let agreement: ScoreComparison.Agreement
        let drift: ScoreComparison.Drift
        let latency: ScoreComparison.Latency?
        let lift: Lift?
        let disagreements: [ScoreComparison.Disagreed]

        init(_ comparison: ModelComparison) {
            first = comparison.first
            second = comparison.second
            verdict = Judged(
                decision: comparison.verdict.decision, meaning: comparison.meaning,
                checks: comparison.verdict.checks)
            evaluation = EvaluationResult.Document(comparison.evaluation)
            agreement = ScoreComparison.Agreement(comparison.agreement)
            drift = ScoreComparison.Drift(comparison.scores)
            latency = comparison.latency.map(ScoreComparison.Latency.init)
            lift = comparison.lift.looks.last.map {
                Lift(users: $0.units, value: $0.lift, lower: $0.interval.lower, upper: $0.interval.upper)
            }
            disagreements = comparison.disagreements.map(ScoreComparison.Disagreed.init)
        }
    }

    struct Judged: Encodable {
        let decision: Verdict.Decision
        let meaning: String
        let checks: [Verdict.Check]
    }

    struct Lift: Encodable {
        let users: Int
        let value: Double
        let lower: Double
        let upper: Double
    }
}
