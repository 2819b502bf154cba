internal import DIEN
internal import Experiment

// The parts of a comparison's JSON that need no outcomes.
extension ScoreComparison {
    struct Agreement: Encodable {
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

    struct Drift: Encodable {
        var psi: Double?
        var psiLimit: Double?
        var ks: Double?
        var ksP: Double?

        /// An index of infinity, which JSON does not have, is left out.
        init(_ comparison: ScoreComparison) {
            if let stability = comparison.stability, stability.value.isFinite {
                psi = stability.value
                psiLimit = stability.limitByChance
            }
            ks = comparison.kolmogorovSmirnov?.distance
            ksP = comparison.kolmogorovSmirnov?.pValue
        }
    }

    struct Latency: Encodable {
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

    struct Disagreed: Encodable {
        let user: Int?
        let request: String?
        let target: String
        let clicked: Bool?
        let probabilities: [Float]
        let behaviours: [String]
        let attention: [[Float]]

        init(_ disagreement: Disagreement) {
            user = disagreement.origin.user
            request = disagreement.origin.request
            target = disagreement.target
            clicked = disagreement.isClicked
            probabilities = disagreement.explained.map(\.probability)
            behaviours = disagreement.behaviours
            attention = [0, 1].map(disagreement.attention)
        }
    }
}
