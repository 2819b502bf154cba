import Messages
import RequestLog
import Testing

@testable import dien_client

@Suite struct ReplaySourceTests {
    private static func logged(_ milliseconds: UInt64, bytes: [UInt8]? = nil) -> LoggedRequest {
        let message = RankRequest(
            model: ModelSpec(name: "sports", alias: "champion"), requestID: "r-\(milliseconds)",
            routingKey: "u-\(milliseconds)", candidates: [FeatureColumn(name: "item", ids: [1, 2])])
        return LoggedRequest(
            unixMilliseconds: milliseconds, epoch: 3, version: 1, model: "sports", digest: "sha256:1",
            arm: "champion", requestID: "r-\(milliseconds)", request: bytes ?? message.serialized(),
            scores: [0.25, 0.5])
    }

    private static func source(
        _ pace: ReplaySource.Pace, model: ModelSpec = ModelSpec(), rounds: Int = 1, limit: Int? = nil
    ) -> ReplaySource {
        let requests = [10_000, 10_100, 10_050, 11_000].map { logged($0) }
        return ReplaySource(.log(requests, model: model), pace: pace, rounds: rounds, limit: limit)
    }

    @Test func `a log is replayed as it came, or so many times as fast, round after round`() {
        let source = Self.source(.speed(1), rounds: 2)
        #expect(
            (0..<8).map(source.time) == [0, 100, 50, 1000, 1000, 1100, 1050, 2000].map { $0 * 1_000_000 })
        let fast = Self.source(.speed(10))
        #expect((0..<4).map(fast.time) == [0, 10, 5, 100].map { $0 * 1_000_000 })
    }

    @Test func `a rate places requests at even distances, and callers place none`() {
        let source = Self.source(.rate(4), rounds: 2)
        #expect((0..<8).map(source.time) == (0..<8).map { $0 * 250_000_000 })
        #expect(Self.source(.callers(2)).time(3) == nil)
    }

    @Test func `a limit is of a round`() throws {
        let source = Self.source(.rate(1), rounds: 3, limit: 2)
        #expect(source.count == 6)
        #expect(
            (0..<6).map { source.request($0)?.message.routingKey } == [
                "u-10000", "u-10100", "u-10000", "u-10100", "u-10000", "u-10100",
            ])
        #expect(Self.source(.rate(1), limit: 9).count == 4)
    }

    @Test func `a logged request goes out without its id, to the model that was asked or to another`() throws
    {
        let request = try #require(Self.source(.rate(1)).request(0))
        #expect(request.message.requestID.isEmpty && request.message.routingKey == "u-10000")
        #expect(request.message.model == ModelSpec(name: "sports", alias: "champion"))
        #expect(request.logged?.scores == [0.25, 0.5] && request.labels.isEmpty)
        let other = ModelSpec(name: "sports", version: 2)
        #expect(try #require(Self.source(.rate(1), model: other).request(0)).message.model == other)
    }

    @Test func `a logged request whose bytes are none is passed over`() {
        let source = ReplaySource(
            .log([Self.logged(1, bytes: [0xFF]), Self.logged(2)], model: ModelSpec()), pace: .rate(1))
        #expect(source.request(0) == nil)
        #expect(source.request(1) != nil)
    }
}
