import GRPC
import Messages
import Synchronization
import Testing

@testable import Serving

@Suite struct HealthServiceTests {
    private typealias Status = HealthCheckResponse.ServingStatus

    /// Collects what a watch sends.
    private final class Seen: Sendable {
        private let statuses = Mutex<[HealthCheckResponse.ServingStatus]>([])

        var all: [HealthCheckResponse.ServingStatus] { statuses.withLock { $0 } }
        func add(_ status: HealthCheckResponse.ServingStatus) { statuses.withLock { $0.append(status) } }

        func wait(for count: Int) async throws {
            let end = ContinuousClock.now + .seconds(5)
            while all.count < count, .now < end { try await Task.sleep(for: .milliseconds(1)) }
        }
    }

    @Test func `check knows the server, its services, and nothing else`() throws {
        let health = HealthService(services: ["dien.v1.Ranking"])
        #expect(try health.check(HealthCheckRequest(service: "")).status == .notServing)
        health.setServing(true)
        #expect(try health.check(HealthCheckRequest(service: "")).status == .serving)
        #expect(try health.check(HealthCheckRequest(service: "dien.v1.Ranking")).status == .serving)
        let error = #expect(throws: RPCError.self) { try health.check(HealthCheckRequest(service: "other")) }
        #expect(error?.code == .notFound)
    }

    @Test func `watch tells the status at once and then each change, to the end of a drain`() async throws {
        let health = HealthService(services: ["dien.v1.Ranking"])
        let seen = Seen()
        let watch = Task {
            try await health.watch(HealthCheckRequest(service: "dien.v1.Ranking")) { seen.add($0.status) }
        }
        try await seen.wait(for: 1)
        health.setServing(true)
        try await seen.wait(for: 2)
        health.setServing(true)
        health.drain()
        try await seen.wait(for: 3)
        health.setServing(true)
        health.endWatches()
        try await watch.value
        #expect(seen.all == [.notServing, .serving, .notServing])
    }

    @Test func `watching an unknown service says so and stays open`() async throws {
        let health = HealthService(services: [])
        let seen = Seen()
        let watch = Task {
            try await health.watch(HealthCheckRequest(service: "other")) { seen.add($0.status) }
        }
        try await seen.wait(for: 1)
        #expect(seen.all == [.serviceUnknown])
        watch.cancel()
        try await watch.value
    }
}
