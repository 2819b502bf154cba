import Messages
import Testing

struct FeedbackTests {
    static let request = ReportRequest(outcomes: [
        RequestOutcomes(
            feedbackToken: [1, 0, 0xFF], requestID: "r-1",
            items: [
                ItemOutcome(
                    position: 3, score: 0.25, impression: true, click: true, conversion: true, revenue: 1.5,
                    cost: -0.25), ItemOutcome(),
            ]), RequestOutcomes(feedbackToken: [0x78]),
    ])
    static let response = ReportResponse(
        counts: FeedbackCounts(accepted: 1, late: 2, early: 3, unmatched: 4, duplicate: 5, invalid: .max))

    @Test func `the bytes are those of Google's implementation, both ways`() throws {
        let request = bytes(GoogleVectors.reportRequest)
        #expect(try ReportRequest.decoded(request) == Self.request)
        #expect(Self.request.serialized() == request)
        let response = bytes(GoogleVectors.reportResponse)
        #expect(try ReportResponse.decoded(response) == Self.response)
        #expect(Self.response.serialized() == response)
    }

    @Test func `a fault in an item is told with the way to it`() {
        // outcomes { items { score: a varint } }
        #expect(throws: MessageError.malformedField(field: "outcomes.items.score")) {
            try ReportRequest.decoded(bytes("0a041a021001"))
        }
    }

    @Test func `an empty token is no token`() throws {
        #expect(try RequestOutcomes.decoded(bytes("0a00")) == RequestOutcomes())
        #expect(RequestOutcomes().serialized() == [])
    }
}
