import GRPC
import Testing

struct DeadlineTests {
    @Test func `a timeout counts from the moment the request is received`() {
        let now = ContinuousClock.now
        let deadline = Deadline(GRPCTimeout(.milliseconds(250)), from: now)
        #expect(deadline.remaining(at: now + .milliseconds(100)) == .milliseconds(150))
        #expect(!deadline.hasPassed(at: now + .milliseconds(249)))
        #expect(deadline.hasPassed(at: now + .milliseconds(250)))
        #expect(deadline.timeout(at: now + .milliseconds(100)).wireValue == "150000u")
        #expect(deadline.timeout(at: now + .seconds(1)).wireValue == "0n")
    }

    @Test func `the longest timeout of the wire is a deadline far away`() throws {
        let timeout = try #require(GRPCTimeout(wireValue: "99999999H"))
        #expect(!Deadline(timeout).hasPassed())
        #expect(Deadline(timeout) > Deadline.after(.seconds(1)))
    }
}
