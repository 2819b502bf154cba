import Logging
import NIOCore
import Synchronization

/// What all connections of a server share. Keeps the list of the open ones, for draining and counting.
final class ServerConnectionServices: Sendable {
    private struct State {
        var mailboxes: [ObjectIdentifier: ConnectionMailbox] = [:]
        var isDraining = false
        var waiters: [Int: CheckedContinuation<Bool, Never>] = [:]
        var nextWaiter = 0
        var hasReportedForeignProtocol = false
    }

    let logger: Logger
    private let maxConnections: Int
    private let state = Mutex(State())

    init(logger: Logger, maxConnections: Int) {
        self.logger = logger
        self.maxConnections = maxConnections
    }

    var connectionCount: Int { state.withLock { $0.mailboxes.count } }

    /// False if the server is full, or going away.
    func add(_ mailbox: ConnectionMailbox) -> Bool {
        state.withLock { state in
            guard !state.isDraining, state.mailboxes.count < maxConnections else { return false }
            state.mailboxes[ObjectIdentifier(mailbox)] = mailbox
            return true
        }
    }

    func remove(_ mailbox: ConnectionMailbox) {
        let waiters = state.withLock { state -> [CheckedContinuation<Bool, Never>] in
            state.mailboxes[ObjectIdentifier(mailbox)] = nil
            guard state.mailboxes.isEmpty else { return [] }
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume(returning: true) }
    }

    /// Tells every connection to drain, and admits no more.
    func drain() { postToAll(.drain) }

    /// Tells every connection to end its calls and close.
    func abort() { postToAll(.abort) }

    /// Waits until no connection is open; false if `timeout` passed first.
    func waitUntilEmpty(timeout: Duration) async -> Bool {
        await withCheckedContinuation { continuation in
            let waiter = state.withLock { state -> Int? in
                if state.mailboxes.isEmpty { return nil }
                state.nextWaiter += 1
                state.waiters[state.nextWaiter] = continuation
                return state.nextWaiter
            }
            guard let waiter else { return continuation.resume(returning: true) }
            Task {
                try? await Task.sleep(for: timeout)
                state.withLock { $0.waiters.removeValue(forKey: waiter) }?.resume(returning: false)
            }
        }
    }

    /// Somebody speaks HTTP/1 or TLS to the port. Worth one line in the log, not one for each health checker's probe.
    func reportForeignProtocol(peer: String) {
        let isFirst = state.withLock { state in
            defer { state.hasReportedForeignProtocol = true }
            return !state.hasReportedForeignProtocol
        }
        guard isFirst else { return }
        logger.warning(
            "closed a connection that does not speak HTTP/2 with prior knowledge (told once)",
            metadata: ["peer": "\(peer)"])
    }

    private func postToAll(_ letter: ConnectionMailbox.Letter) {
        let mailboxes = state.withLock { state in
            state.isDraining = true
            return Array(state.mailboxes.values)
        }
        for mailbox in mailboxes { mailbox.post(letter) }
    }
}
