import HTTP2
import Logging
import NIOCore

/// Beginning, draining and ending of a connection, and its clock.
extension ServerConnection {
    private static let drainPing: UInt64 = 0x6472_6169_6e00_0001
    private static let keepalivePing: UInt64 = 0x6b65_6570_0000_0002

    func start(_ context: ChannelHandlerContext) {
        guard tick == nil else { return }
        peer = context.channel.remoteAddress.map(Self.name) ?? "unknown"
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let loop = context.eventLoop
        mailbox.open(wake: { loop.execute { bound.value.openMail() } })
        guard services.add(mailbox) else { return context.close(promise: nil) }
        let period = TimeAmount.seconds(1)
        tick = loop.scheduleRepeatedTask(initialDelay: period, delay: period) { _ in
            bound.value.checkTime(.now())
        }
        pump()
    }

    /// The connection is gone: nobody waits for its calls.
    func stop() {
        phase = .closed
        tick?.cancel()
        deadlineTimer?.scheduled.cancel()
        deadlineTimer = nil
        mailbox.close()
        for call in calls.values { abandon(call, .connectionLost) }
        calls = [:]
        services.remove(mailbox)
    }

    /// First GOAWAY, and a PING whose acknowledgement says that the client has seen it.
    func drain(debugData: String = "") {
        guard case .serving = phase else { return }
        phase = .draining
        session.announceShutdown()
        session.ping(Self.drainPing)
        drainReason = debugData
        let delay = configuration.goAwayTimeout
        context?.eventLoop.assumeIsolated().scheduleTask(in: delay) { [weak self] in
            self?.finishDraining()
            self?.pump()
        }
    }

    /// Second GOAWAY: what came until now is served, and nothing else.
    func finishDraining() {
        guard case .draining = phase else { return }
        phase = .finishing
        session.refuseNewStreams(debugData: drainReason)
    }

    func receivedPingAcknowledgement(_ payload: UInt64) {
        if payload == Self.drainPing { finishDraining() }
    }

    func receivedPing() {
        let isAbuse = pingStrikes.receivedPing(
            at: .now(), framesSent: session.messageFramesSent, hasCalls: !calls.isEmpty)
        if isAbuse { session.terminate(.enhanceYourCalm, debugData: "too_many_pings") }
    }

    /// The session has said all it had to say. FIN goes out now, and the socket is closed when the client's comes:
    /// closing with unread bytes would make the kernel send RST, which can eat our last frames at the client.
    func linger() {
        switch phase {
        case .lingering, .closed: return
        case .serving, .draining, .finishing: break
        }
        guard let context else { return }
        phase = .lingering
        for call in calls.values { abandon(call, .connectionLost) }
        let sent = context.eventLoop.makePromise(of: Void.self)
        context.close(mode: .output, promise: sent)
        sent.futureResult.assumeIsolated().whenComplete { [weak self] _ in
            guard let self else { return }
            self.close(after: self.configuration.lingerTimeout)
        }
        // FIN waits for what is still in our buffer, and a client that takes none of it must not keep us.
        close(after: configuration.sendStallTimeout)
    }

    private func close(after delay: TimeAmount) {
        context?.eventLoop.assumeIsolated().scheduleTask(in: delay) { [weak self] in
            self?.context?.close(promise: nil)
        }
    }

    /// Ends all calls at once, for a server whose grace is over.
    func abort() {
        for call in calls.values { finish(call, .failure(.shuttingDown)) }
        session.terminate(.noError, debugData: "shutdown")
        pump()
        linger()
    }

    func checkTime(_ now: NIODeadline) {
        let facts = ConnectionTimeouts.Facts(
            headerBlockSince: session.headerBlockSince, hasCalls: !calls.isEmpty,
            unwritableSince: unwritableSince)
        switch timeouts.check(facts, at: now) {
        case .close(let reason):
            logger.info("connection closed", metadata: ["peer": "\(peer)", "reason": "\(reason)"])
            context?.close(promise: nil)
            return
        case .drain(let reason): drain(debugData: reason)
        case .ping: session.ping(Self.keepalivePing)
        case nil: break
        }
        for call in calls.values { checkProgress(of: call, at: now) }
        pump()
    }

    private static func name(_ address: SocketAddress) -> String {
        guard let ip = address.ipAddress, let port = address.port else { return address.description }
        return ip.contains(":") ? "[\(ip)]:\(port)" : "\(ip):\(port)"
    }
}
