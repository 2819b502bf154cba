import DIEN
import Datasets
import Testing

@testable import dien_train

struct SplitScorerTests {
    /// The data set numbers items otherwise than the model, has one that the model does not know, and categories that
    /// differ from the model's own.
    @Test func `samples score as their identifiers would on a server, to the bit`() async throws {
        let named = try JudgedFixture.model()
        try await JudgedFixture.withFolder { path in
            try JudgedFixture.write(to: path)
            let found = try await SplitScorer(named, Dataset(path: path), .test).probabilities()
            let expected = try JudgedFixture.inputs().map { try named.model.score($0).probabilities[0] }
            #expect(found == expected)
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
            #expect(throws: CommandError.missingFeature(role: "history", name: "category", model: "sports@1"))
            {
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
