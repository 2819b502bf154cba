import GRPC
import Messages
import NIOCore
import Synchronization

/// `grpc.health.v1.Health`: whether the server, and each service by name, takes calls.
///
/// The empty name stands for the whole server. At a drain every service turns NOT_SERVING and stays so.
final class HealthService: Sendable {
    private typealias Serving = HealthCheckResponse.ServingStatus

    private struct State {
        var statuses: [String: Serving]
        var draining = false
        var watchers: [UInt64: (service: String, updates: AsyncStream<Serving>.Continuation)] = [:]
        var nextWatcher: UInt64 = 0

        /// Gives every service this status, and tells those who watch.
        mutating func set(_ status: Serving) {
            for name in statuses.keys { statuses[name] = status }
            for watcher in watchers.values where statuses[watcher.service] != nil {
                watcher.updates.yield(status)
            }
        }
    }

    private let state: Mutex<State>

    /// Every named service starts as NOT_SERVING.
    init(services: [String]) {
        let names = [""] + services
        state = Mutex(State(statuses: Dictionary(uniqueKeysWithValues: names.map { ($0, .notServing) })))
    }

    /// Whether the server takes calls, and the word for why not.
    var readiness: (isServing: Bool, isDraining: Bool) {
        state.withLock { ($0.statuses[""] == .serving, $0.draining) }
    }

    /// Sets all services, unless the server drains already.
    func setServing(_ serving: Bool) {
        state.withLock { state in
            guard !state.draining else { return }
            state.set(serving ? .serving : .notServing)
        }
    }

    /// Turns every service NOT_SERVING for good, and tells the watchers.
    func drain() {
        state.withLock { state in
            state.draining = true
            state.set(.notServing)
        }
    }

    /// Ends every watch, so that a draining connection has no open streams left.
    func endWatches() {
        let watchers = state.withLock { state in
            defer { state.watchers = [:] }
            return state.watchers.values.map(\.updates)
        }
        for updates in watchers { updates.finish() }
    }

    /// Check: the status at this moment.
    func check(_ request: HealthCheckRequest) throws(RPCError) -> HealthCheckResponse {
        guard let status = state.withLock({ $0.statuses[request.service] }) else {
            throw RPCError(code: .notFound, message: "service: no service '\(request.service)' here")
        }
        return HealthCheckResponse(status: status)
    }

    /// Watch: the status at once, then each change, until the caller leaves or the server drains.
    func watch(
        _ request: HealthCheckRequest, write: (HealthCheckResponse) async throws -> Void
    ) async throws {
        let (updates, continuation) = AsyncStream.makeStream(
            of: Serving.self, bufferingPolicy: .bufferingNewest(8))
        let id = state.withLock { state in
            defer { state.nextWatcher += 1 }
            continuation.yield(state.statuses[request.service] ?? .serviceUnknown)
            if state.draining { continuation.finish() }
            state.watchers[state.nextWatcher] = (request.service, continuation)
            return state.nextWatcher
        }
        defer { state.withLock { _ = $0.watchers.removeValue(forKey: id) } }
        var last: Serving?
        for await status in updates where status != last {
            last = status
            try await write(HealthCheckResponse(status: status))
        }
    }
}
