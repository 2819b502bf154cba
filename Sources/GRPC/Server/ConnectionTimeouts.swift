package import NIOCore

/// Decides, once a second, whether time has run out for a connection. Pure.
package struct ConnectionTimeouts {
    /// What the connection looks like now.
    package struct Facts {
        package var headerBlockSince: NIODeadline?
        package var hasCalls: Bool
        /// Bytes wait in the socket that the client does not take.
        package var unwritableSince: NIODeadline?

        package init(headerBlockSince: NIODeadline?, hasCalls: Bool, unwritableSince: NIODeadline?) {
            self.headerBlockSince = headerBlockSince
            self.hasCalls = hasCalls
            self.unwritableSince = unwritableSince
        }
    }

    package enum Verdict: Equatable {
        /// The client is dead, or pretends to be: close without ceremony.
        case close(String)
        /// Two-step GOAWAY with this debug data.
        case drain(String)
        /// Ask for a sign of life.
        case ping
    }

    private let configuration: ServerConfiguration
    private let start: NIODeadline
    private let maxAge: TimeAmount?
    private var hasSettings = false
    private var hasAcknowledgement = false
    private var lastRead: NIODeadline
    private var pingSent: NIODeadline?
    private var idleSince: NIODeadline?

    /// `jitter` in −1...1 spreads the maximum age by a tenth, so that clients do not all reconnect at once.
    package init(configuration: ServerConfiguration, now: NIODeadline, jitter: Double) {
        self.configuration = configuration
        start = now
        lastRead = now
        idleSince = now
        maxAge = configuration.maxConnectionAge.map { age in
            .nanoseconds(Int64(Double(age.nanoseconds) * (1 + jitter / 10)))
        }
    }

    /// The client's SETTINGS came: one half of the handshake.
    package mutating func receivedSettings() { hasSettings = true }

    /// The client acknowledged ours: the other half.
    package mutating func receivedAcknowledgement() { hasAcknowledgement = true }

    package mutating func received(at now: NIODeadline) {
        lastRead = now
        pingSent = nil
    }

    package mutating func check(_ facts: Facts, at now: NIODeadline) -> Verdict? {
        if !(hasSettings && hasAcknowledgement), now - start >= configuration.handshakeTimeout {
            return .close("no HTTP/2 SETTINGS within \(configuration.handshakeTimeout.seconds) s")
        }
        if let since = facts.headerBlockSince, now - since >= configuration.headerBlockTimeout {
            return .close("a header block was left unfinished")
        }
        if let since = facts.unwritableSince, now - since >= configuration.sendStallTimeout {
            return .close("the client does not read")
        }
        if let sent = pingSent, now - sent >= configuration.keepaliveTimeout {
            return .close("no answer to a keepalive PING")
        }
        if let maxAge, now - start >= maxAge { return .drain("max_age") }
        idleSince = facts.hasCalls ? nil : idleSince ?? now
        if let idleSince, now - idleSince >= configuration.maxConnectionIdle { return .drain("max_idle") }
        if pingSent == nil, now - lastRead >= configuration.keepaliveTime {
            pingSent = now
            return .ping
        }
        return nil
    }
}

extension TimeAmount {
    fileprivate var seconds: Int64 { nanoseconds / 1_000_000_000 }
}
