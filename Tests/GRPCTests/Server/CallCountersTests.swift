import Testing

@testable import GRPC

@Suite struct CallCountersTests {
    @Test func `what is opened and not ended is open, and each status has its count`() throws {
        var methods = MethodTable()
        let rank = MethodDescriptor(service: "dien.v1.Ranking", method: "Rank")
        methods.register(rank, unary: { request, _ in request })
        let counters = try #require(methods.entry(path: rank.path)).counters
        for _ in 0..<5 { counters.open() }
        counters.end(.ok)
        counters.end(.ok)
        counters.end(.unavailable)
        let counts = try #require(methods.callCounts.first)
        #expect(counts == CallCounts(method: rank, opened: 5, ended: [.ok: 2, .unavailable: 1]))
        #expect(counts.open == 2)
    }
}
