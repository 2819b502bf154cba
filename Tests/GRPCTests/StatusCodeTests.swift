import GRPC
import Testing

struct StatusCodeTests {
    @Test func `the seventeen codes have the numbers and names of the specification`() {
        let names = [
            "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND",
            "ALREADY_EXISTS",
            "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
            "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
        ]
        #expect(StatusCode.allCases.map(\.description) == names)
        #expect(StatusCode.allCases.map(\.rawValue) == Array(0...16))
    }

    @Test func `a code survives the wire`() {
        for code in StatusCode.allCases { #expect(StatusCode(wireValue: code.wireValue) == code) }
    }

    @Test(arguments: ["", "17", "-1", "+5", "5 ", " 5", "five", "0x5", "99999999999999999999"])
    func `what is no known decimal is unknown`(text: String) {
        #expect(StatusCode(wireValue: text) == .unknown)
    }

    @Test func `an error can not claim success`() {
        #expect(RPCError(code: .ok, message: "").code == .unknown)
    }

    @Test func `a status prints its code and message`() {
        #expect("\(Status(code: .notFound, message: "no model \"x\""))" == "NOT_FOUND: no model \"x\"")
        #expect("\(Status.ok)" == "OK")
        #expect("\(RPCError(code: .unavailable, message: "gone"))" == "UNAVAILABLE: gone")
    }
}
