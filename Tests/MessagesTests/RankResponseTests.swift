import Messages
import Testing

struct RankResponseTests {
    static let response = RankResponse(
        scores: [0, 1, 0.5, 1e-30, 0.8615085], top: [1, 4, 300],
        servedBy: ServedBy(
            model: "sports", version: 2, digest: "sha256:" + String(repeating: "ab", count: 32),
            arm: "champion",
            registryEpoch: 17),
        requestID: "r-1", totalMicroseconds: 1234, scoringMicroseconds: 1000,
        unknownIDs: [UnknownIDs(role: "history", feature: "item", count: 2)], historyLength: 7,
        attention: [
            CandidateAttention(positions: [6, 0], weights: [0.75, 0.125]), CandidateAttention(),
        ], userState: .extended, feedbackToken: [1, 0, 0xFF])

    @Test func `the bytes are those of Google's implementation, both ways`() throws {
        let google = bytes(GoogleVectors.rankResponse)
        #expect(try RankResponse.decoded(google) == Self.response)
        #expect(Self.response.serialized() == google)
    }

    @Test func `scores that are cut off inside a float are named`() {
        #expect(throws: MessageError.malformedField(field: "scores")) {
            try RankResponse.decoded(bytes("0a050000803f00"))
        }
    }

    @Test func `every float keeps its bits`() throws {
        let scores: [Float] = [-0.0, .infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .pi]
        let back = try RankResponse.decoded(RankResponse(scores: scores).serialized())
        #expect(back.scores.map(\.bitPattern) == scores.map(\.bitPattern))
    }
}
