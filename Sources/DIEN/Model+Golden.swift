/// What scoring a model's own golden requests showed.
public struct GoldenReport: Sendable, Equatable {
    /// Requests scored.
    public let count: Int
    /// The largest difference of a probability from the expected one.
    public let largestDifference: Float
}

extension Model {
    /// Scores the golden requests; throws at the first probability that is off by more than the configured tolerance.
    public func verifyGolden() throws(ModelError) -> GoldenReport {
        var largest: Float = 0
        for request in golden {
            let scores: Scores
            do { scores = try score(request.input) } catch {
                throw .invalidGolden(line: request.line, reason: error.description)
            }
            for (candidate, pair) in zip(request.probabilities, scores.probabilities).enumerated() {
                let difference = abs(pair.0 - pair.1)
                guard difference <= configuration.goldenTolerance else {
                    throw .goldenMismatch(
                        line: request.line, candidate: candidate, expected: pair.0, found: pair.1,
                        tolerance: configuration.goldenTolerance)
                }
                largest = max(largest, difference)
            }
        }
        return GoldenReport(count: golden.count, largestDifference: largest)
    }
}
