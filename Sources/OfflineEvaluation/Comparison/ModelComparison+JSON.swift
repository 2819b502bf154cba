internal import DIEN
internal import Experiment

extension ModelComparison {
    /// One JSON object on one line, with sorted keys in snake case; a figure that the samples do not give is left out.
    public func json() throws -> String { try EvaluationResult.line(Document(self)) }

    private struct Document: Encodable {
        let first: String
        let second: String
        let verdict: Judged
        let evaluation: EvaluationResult.Document
        let agreement: Agreement
        let drift: Drift
        let latency: Latency?
        let lift: Lift?
        let disagreements: [Disagreed]

        init(_ comparison: ModelComparison) {
            first = comparison.first
            second = comparison.second
            verdict = Judged(
                decision: comparison.verdict.decision, meaning: comparison.meaning,
                checks: comparison.verdict.checks)
            evaluation = EvaluationResult.Document(comparison.evaluation)
            agreement = Agreement(comparison.agreement)
            drift = Drift(comparison)
            latency = comparison.latency.map(Latency.init)
            lift = comparison.lift.looks.last.map {
                Lift(users: $0.units, value: $0.lift, lower: $0.interval.lower, upper: $0.interval.upper)
            }
            disagreements = comparison.disagreements.map(Disagreed.init)
        }
    }

    private struct Judged: Encodable {
        let decision: Verdict.Decision
        let meaning: String
        let checks: [Verdict.Check]
    }

    private struct Agreement: Encodable {
        let meanLogitDistance: EvaluationResult.Figure
        let meanDifference: EvaluationResult.Figure
        let p99Distance: Double
        let p99Lower: Double
        let p99Upper: Double
        let largestDistance: Double
        let rankedRequests: Int
        let kendallTau: EvaluationResult.Figure?
        let changedTopShare: Double?
        let overlapOfTen: EvaluationResult.Figure?

        init(_ agreement: ScoreAgreement) {
            meanLogitDistance = EvaluationResult.Figure(agreement.meanLogitDistance)
            meanDifference = EvaluationResult.Figure(agreement.meanDifference)
            p99Distance = agreement.p99Distance
            p99Lower = agreement.p99Interval.lower
            p99Upper = agreement.p99Interval.upper
            largestDistance = agreement.largestDistance
            rankedRequests = agreement.rankedRequests
            kendallTau = agreement.meanKendallTau.map(EvaluationResult.Figure.init)
            changedTopShare = agreement.changedTopShare?.value
            overlapOfTen = agreement.meanOverlap.map(EvaluationResult.Figure.init)
        }
    }

    private struct Drift: Encodable {
        var psi: Double?
        var psiLimit: Double?
        var ks: Double?
        var ksP: Double?

        /// An index of infinity, which JSON does not have, is left out.
        init(_ comparison: ModelComparison) {
            if let stability = comparison.stability, stability.value.isFinite {
                psi = stability.value
                psiLimit = stability.limitByChance
            }
            ks = comparison.kolmogorovSmirnov?.distance
            ksP = comparison.kolmogorovSmirnov?.pValue
        }
    }

    private struct Latency: Encodable {
        let requests: Int
        let meanCandidates: Double
        let medianSeconds: [Double]
        let p99Seconds: [Double]
        let ratioOfMedians: Double
        let ratioOfTotals: EvaluationResult.Figure?

        init(_ latency: ScoringLatency) {
            requests = latency.requests
            meanCandidates = latency.meanCandidates
            medianSeconds = [0, 1].map { latency.quantile(0.5, model: $0) }
            p99Seconds = [0, 1].map { latency.quantile(0.99, model: $0) }
            ratioOfMedians = latency.ratio
            ratioOfTotals = latency.totalRatio.map(EvaluationResult.Figure.init)
        }
    }

    private struct Lift: Encodable {
        let users: Int
        let value: Double
        let lower: Double
        let upper: Double
    }

    private struct Disagreed: Encodable {
        let user: Int
        let target: String
        let clicked: Bool
        let probabilities: [Float]
        let behaviours: [String]
        let attention: [[Float]]

        init(_ disagreement: Disagreement) {
            user = disagreement.user
            target = disagreement.target
            clicked = disagreement.isClicked
            probabilities = disagreement.explained.map(\.probability)
            behaviours = disagreement.behaviours
            attention = [0, 1].map(disagreement.attention)
        }
    }
}
