import Messages
import Testing

struct HealthCheckTests {
    @Test func `the bytes are those of Google's implementation, both ways`() throws {
        let request = bytes(GoogleVectors.healthCheckRequest)
        #expect(try HealthCheckRequest.decoded(request) == HealthCheckRequest(service: "dien.v1.Ranking"))
        #expect(HealthCheckRequest(service: "dien.v1.Ranking").serialized() == request)
        let response = bytes(GoogleVectors.healthCheckResponse)
        #expect(try HealthCheckResponse.decoded(response) == HealthCheckResponse(status: .notServing))
        #expect(HealthCheckResponse(status: .notServing).serialized() == response)
    }

    @Test(arguments: HealthCheckResponse.ServingStatus.allCases) func `every state survives`(
        status: HealthCheckResponse.ServingStatus
    ) throws {
        #expect(
            try HealthCheckResponse.decoded(HealthCheckResponse(status: status).serialized()).status == status
        )
    }
}
