import NIOCore
import NIOPosix

/// The connection's state on its event loop: which connection takes calls, and which calls wait for one.
///
/// A lost connection is replaced when the next call comes.
final class ClientTransport: ClientHandler.Owner {
    private enum State {
        case idle
        case connecting(waiting: [ClientCall])
        case connected(ClientHandler)
        case closed
    }

    private let host: String
    private let port: Int
    private let authority: String
    private let eventLoop: any EventLoop
    private let configuration: ClientConfiguration
    private var state = State.idle
    /// Connections that take no new calls and finish those they have.
    private var retired: [ClientHandler] = []
    private var calls: [ObjectIdentifier: ClientCall] = [:]

    init(host: String, port: Int, eventLoop: any EventLoop, configuration: ClientConfiguration) {
        self.host = host
        self.port = port
        authority = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        self.eventLoop = eventLoop
        self.configuration = configuration
    }

    func start(_ request: CallRequest) {
        let call = ClientCall(request, maximumMessageLength: configuration.maximumMessageLength)
        if request.token.isCancelled { return call.fail(ClientTransport.cancelled) }
        if let deadline = request.deadline {
            let remaining = deadline.remaining()
            guard remaining > .zero else { return call.fail(ClientTransport.expired) }
            call.timer = eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(remaining)) {
                self.giveUp(call, ClientTransport.expired)
            }
        }
        calls[ObjectIdentifier(request.token)] = call
        dispatch(call)
    }

    func cancel(_ token: CallToken) {
        guard let call = calls[ObjectIdentifier(token)] else { return }
        giveUp(call, ClientTransport.cancelled)
    }

    func delivered(_ payloadLength: Int, _ token: CallToken) {
        guard let call = calls[ObjectIdentifier(token)] else { return }
        call.connection?.delivered(payloadLength, of: call)
    }

    /// Fails every call and takes no more.
    func close() {
        let error = RPCError(code: .unavailable, message: "the client's connection to \(authority) is closed")
        let before = state
        state = .closed
        switch before {
        case .connecting(let waiting): for call in waiting { fail(call, error) }
        case .connected(let handler): handler.close()
        case .idle, .closed: break
        }
        for handler in retired { handler.close() }
    }

    private static let cancelled = RPCError(code: .cancelled, message: "the caller cancelled the call")
    private static let expired = RPCError(
        code: .deadlineExceeded, message: "the deadline passed before the answer came")
}

extension ClientTransport {
    func connectionRetired(_ handler: ClientHandler) {
        if case .connected(let current) = state, current === handler { state = .idle }
        if handler.isActive {
            if !retired.contains(where: { $0 === handler }) { retired.append(handler) }
        } else {
            retired.removeAll { $0 === handler }
        }
    }

    func connectionRefused(_ call: ClientCall) {
        dispatch(call)
    }

    func connectionFinished(_ call: ClientCall) {
        calls[ObjectIdentifier(call.request.token)] = nil
    }

    private func dispatch(_ call: ClientCall) {
        switch state {
        case .closed:
            fail(
                call,
                RPCError(code: .unavailable, message: "the client's connection to \(authority) is closed"))
        case .connected(let handler):
            handler.start(call)
        case .connecting(let waiting):
            state = .connecting(waiting: waiting + [call])
        case .idle:
            state = .connecting(waiting: [call])
            connect()
        }
    }

    private func giveUp(_ call: ClientCall, _ error: RPCError) {
        if let connection = call.connection { return connection.cancel(call, error) }
        if case .connecting(let waiting) = state {
            state = .connecting(waiting: waiting.filter { $0 !== call })
        }
        fail(call, error)
    }

    private func fail(_ call: ClientCall, _ error: RPCError) {
        calls[ObjectIdentifier(call.request.token)] = nil
        call.fail(error)
    }

    private func connect() {
        let handler: ClientHandler
        do {
            handler = try ClientHandler(owner: self, authority: authority, userAgent: configuration.userAgent)
        } catch {
            return failed("\(error)")
        }
        let isolated = NIOLoopBound(handler, eventLoop: eventLoop)
        ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(configuration.connectTimeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(isolated.value)
                }
            }
            .connect(host: host, port: port)
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success(let channel): self.connected(handler, channel)
                case .failure(let error): self.failed(ClientTransport.describe(error))
                }
            }
    }

    private func connected(_ handler: ClientHandler, _ channel: any Channel) {
        guard case .connecting(let waiting) = state else {
            // Closed meanwhile.
            channel.close(promise: nil)
            return
        }
        state = handler.isActive ? .connected(handler) : .idle
        for call in waiting { dispatch(call) }
    }

    private func failed(_ reason: String) {
        guard case .connecting(let waiting) = state else { return }
        state = .idle
        let error = RPCError(code: .unavailable, message: "cannot connect to \(authority): \(reason)")
        for call in waiting { fail(call, error) }
    }

    /// The last of the attempts is the one worth telling; the list of all of them is not one line.
    private static func describe(_ error: any Error) -> String {
        guard let error = error as? NIOConnectionError else { return "\(error)" }
        if let last = error.connectionErrors.last?.error { return (last as? IOError)?.reason ?? "\(last)" }
        return "no address for this name"
    }
}

extension IOError {
    /// What usually keeps a connection from being made, in words. Numbers of Linux.
    fileprivate var reason: String {
        switch errnoCode {
        case 101: "network is unreachable"
        case 104: "connection reset"
        case 110: "timed out"
        case 111: "connection refused"
        case 113: "no route to host"
        default: "\(self)"
        }
    }
}
