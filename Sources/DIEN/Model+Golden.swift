/// What scoring a model's own golden requests showed. Their probabilities are those of float32, so that of a compressed
/// model this is the change of its scores.
public struct GoldenReport: Sendable, Equatable {
    /// One probability beside the expected one.
    public struct Difference: Sendable, Equatable {
        /// The line of golden.jsonl, from 1.
        public let line: Int
        /// The candidate, from 0.
        public let candidate: Int
        /// What golden.jsonl says.
        public let expected: Float
        /// What was computed.
        public let found: Float

        /// |Δp|.
        public var magnitude: Float { abs(expected - found) }
    }

    /// Requests scored.
    public let count: Int
    /// The mean |Δp| of all their candidates.
    public let meanDifference: Float
    /// Where |Δp| is the largest; nil without candidates.
    public let largest: Difference?
    /// The most that was accepted.
    public let tolerance: Float

    /// The largest difference of a probability from the expected one.
    public var largestDifference: Float { largest?.magnitude ?? 0 }
    /// Whether no difference is beyond the tolerance.
    public var isAccepted: Bool { largestDifference <= tolerance }
}

extension Model {
    /// Scores the golden requests; throws `goldenMismatch`, of a compressed model `precisionLoss`, where a probability is
    /// off by more than the tolerance, and names the one that is off the most.
    ///
    /// - Parameter tolerance: tightens that of the configuration.
    public func verifyGolden(tolerance: Float = .infinity) throws(ModelError) -> GoldenReport {
        let report = try goldenReport(tolerance: tolerance)
        if let refusal = refusal(of: report) { throw refusal }
        return report
    }

    /// Scores the golden requests, however far they are off.
    public func goldenReport(tolerance: Float = .infinity) throws(ModelError) -> GoldenReport {
        var largest: GoldenReport.Difference?
        var sum = 0.0
        var count = 0
        for request in golden {
            let scores: Scores
            do { scores = try score(request.input) } catch {
                throw .invalidGolden(line: request.line, reason: error.description)
            }
            for (candidate, pair) in zip(request.probabilities, scores.probabilities).enumerated() {
                let difference = GoldenReport.Difference(
                    line: request.line, candidate: candidate, expected: pair.0, found: pair.1)
                if difference.magnitude > largest?.magnitude ?? -1 { largest = difference }
                sum += Double(difference.magnitude)
                count += 1
            }
        }
        let configured = isCompressed ? configuration.precisionTolerance : configuration.goldenTolerance
        return GoldenReport(
            count: golden.count, meanDifference: count > 0 ? Float(sum / Double(count)) : 0, largest: largest,
            tolerance: min(tolerance, configured))
    }

    /// Why a model with this report is not served.
    public func refusal(of report: GoldenReport) -> ModelError? {
        guard !report.isAccepted, let worst = report.largest else { return nil }
        return isCompressed
            ? .precisionLoss(
                line: worst.line, candidate: worst.candidate, expected: worst.expected, found: worst.found,
                tolerance: report.tolerance)
            : .goldenMismatch(
                line: worst.line, candidate: worst.candidate, expected: worst.expected, found: worst.found,
                tolerance: report.tolerance)
    }
}
