import DIEN
import Datasets
import JudgedFixture
import Testing

@testable import OfflineEvaluation

struct SplitScorerTests {
    /// The data set numbers items otherwise than the model, has one that the model does not know, and categories that
    /// differ from the model's own.
    @Test func `samples score as their identifiers would on a server, to the bit`() async throws {
        let named = try JudgedFixture.model()
        try await JudgedFixture.withFolder { path in
            try JudgedFixture.write(to: path)
            let found = try await SplitScorer(named, Dataset(path: path), .test).scores()
            let expected = try JudgedFixture.inputs().map { try named.model.score($0).probabilities[0] }
            #expect(found.probabilities == expected)
        }
    }

    /// Each sample is scored by its user, 2 rows a behaviour and 2 of its target. The model lacks item 99,999,999 and
    /// has no category for row 0.
    @Test func `the share of unknown identifiers is what a server would count`() async throws {
        let named = try JudgedFixture.model()
        try await JudgedFixture.withFolder { path in
            try JudgedFixture.write(to: path)
            let found = try await SplitScorer(named, Dataset(path: path), .test).scores()
            let expected = try JudgedFixture.inputs().map { input in
                let unknown = try named.model.score(input).unknownIDs.reduce(0) { $0 + $1.count }
                let all = (input.profile + input.history + input.candidates).reduce(0) {
                    $0 + $1.values.count
                }
                return Float(unknown) / Float(all)
            }
            #expect(found.unknownShares == expected)
            #expect(Set(expected).count > 2)
        }
    }

    @Test func `neighbouring samples of one history are one request`() async throws {
        let named = try JudgedFixture.model()
        try await JudgedFixture.withFolder { path in
            try JudgedFixture.write(to: path)
            let requests = try SplitScorer(named, Dataset(path: path), .test).requests(Array(0..<5))
            #expect(requests.map { $0.candidates[0].count } == [2, 1, 1, 1])
            #expect(requests.map { $0.history[0].count } == [5, 2, 1, 0])
        }
    }

    @Test func `a data set without one of the model's features is refused by name`() async throws {
        let named = try JudgedFixture.model()
        try await JudgedFixture.withFolder { path in
            try JudgedFixture.write(to: path, hasCategory: false)
            #expect(
                throws: OfflineEvaluationError.missingFeature(
                    role: "history", name: "category", model: "sports@1")
            ) {
                try SplitScorer(named, Dataset(path: path), .test)
            }
        }
    }

    @Test func `a model is named by its registry's version, champion unless told`() throws {
        #expect(try JudgedFixture.model("sports").name == "sports@1")
        #expect(try JudgedFixture.model("sports@challenger").name == "sports@2")
        #expect(throws: (any Error).self) { try JudgedFixture.model("sports@99") }
    }
}
