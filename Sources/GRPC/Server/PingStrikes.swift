package import NIOCore

/// Counts a client's PINGs that come too often (gRFC A8). Pure.
package struct PingStrikes {
    private let configuration: ServerConfiguration
    private var last: (time: NIODeadline, framesSent: UInt64)?
    private var strikes = 0

    package init(configuration: ServerConfiguration) {
        self.configuration = configuration
    }

    /// A PING came. `framesSent` counts the HEADERS and DATA frames we ever sent: clients measure bandwidth with a
    /// PING behind each burst of them, so any of those in between forgives. True if that was one strike too many.
    package mutating func receivedPing(at now: NIODeadline, framesSent: UInt64, hasCalls: Bool) -> Bool {
        defer { last = (now, framesSent) }
        guard let last else { return false }
        guard last.framesSent == framesSent else {
            strikes = 0
            return false
        }
        let interval = hasCalls ? configuration.minPingInterval : configuration.minPingIntervalWithoutCalls
        if now - last.time < interval { strikes += 1 }
        return strikes > configuration.maxPingStrikes
    }
}
