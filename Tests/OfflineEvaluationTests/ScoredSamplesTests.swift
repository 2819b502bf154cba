import Testing

@testable import OfflineEvaluation

struct ScoredSamplesTests {
    private let samples = ScoredSamples(
        names: ["a", "b"],
        scores: [[0.1, 0.2, 0.3, 0.4, 0.5, 0.6], [0.9, 0.1, 0.3, 0.4, 0.1, 0.6]],
        labels: [true, false, true, false, true, false], users: [4, 4, 4, 5, 5, 4],
        lengths: [3, 3, 2, 2, 2, 2])

    @Test func `neighbours of one user and one history are one request`() {
        #expect(samples.requests == [0..<2, 2..<3, 3..<5, 5..<6])
        #expect(samples.filter { _ in false }.requests == [])
        #expect(samples.filter { $0 == 3 }.requests == [0..<1])
    }

    @Test func `of each user the largest disagreement is told, the largest first`() {
        #expect(samples.largestDisagreements(5) == [0, 4])
        #expect(samples.largestDisagreements(1) == [0])
        #expect(samples.largestDisagreements(0) == [])
    }

    @Test func `parts by unknown identifiers share no sample and hold all`() throws {
        var samples = ComparedFixture.samples(users: 90, skills: [1, 1])
        samples.unknownShares[1] = 0.05
        let result = try EvaluationResult(samples, data: "d", split: "test", segments: Segmentation.allCases)
        let counts = Dictionary(uniqueKeysWithValues: result.segments.map { ($0.name, $0.samples) })
        #expect(
            [
                counts["unknown ids none"], counts["unknown ids under 10 %"],
                counts["unknown ids 10 % and more"],
            ]
                == [120, 1, 59])
        #expect(result.segments.filter { $0.name.hasPrefix("history") }.reduce(0) { $0 + $1.samples } == 180)
        #expect(result.segments.allSatisfy { $0.agreement != nil })
    }
}
