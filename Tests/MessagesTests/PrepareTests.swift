import Messages
import Testing

struct PrepareTests {
    @Test func `a request has the bytes of Google's implementation, both ways`() throws {
        let request = PrepareRequest(
            model: ModelSpec(name: "sports"), requestID: "p-1", routingKey: "user-7",
            history: [FeatureColumn(name: "item", ids: [1, 300])])
        let google = bytes(GoogleVectors.prepareRequest)
        #expect(try PrepareRequest.decoded(google) == request)
        #expect(request.serialized() == google)
    }

    @Test func `a response has the bytes of Google's implementation, both ways`() throws {
        let response = PrepareResponse(
            servedBy: ServedBy(model: "sports", version: 2), userState: .reused, requestID: "p-1",
            historyLength: 2, unknownIDs: [UnknownIDs(role: "history", feature: "item", count: 1)],
            totalMicroseconds: 99)
        let google = bytes(GoogleVectors.prepareResponse)
        #expect(try PrepareResponse.decoded(google) == response)
        #expect(response.serialized() == google)
    }

    @Test func `every state has a number of its own, and an unknown number is none of them`() throws {
        for state in UserState.allCases {
            let bytes = PrepareResponse(userState: state).serialized()
            #expect(try PrepareResponse.decoded(bytes).userState == state)
        }
        #expect(try PrepareResponse.decoded([0x10, 77]).userState == .unspecified)
    }
}
