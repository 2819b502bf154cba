import HTTP2
import NIOCore
import NIOPosix
import Synchronization

/// A server on a real socket that answers each request with a list of steps: also with what no good server does.
final class ScriptedServer: Sendable {
    struct Request: Sendable {
        var fields: [HeaderField] = []
        var body = ByteBuffer()
        /// Counts the requests of all connections, from 1.
        var number = 0

        func first(_ name: String) -> String? { fields.first { $0.name == name }?.value }
        var path: String { first(":path") ?? "" }
    }

    enum Step: Sendable {
        case headers([HeaderField], endStream: Bool)
        case data(ByteBuffer)
        case trailers([HeaderField])
        case reset(HTTP2ErrorCode)
        case goAway
        case closeConnection
    }

    /// What was seen of clients.
    final class Record: Sendable {
        struct Values: Sendable {
            var connections = 0
            var requests: [Request] = []
            var resets: [HTTP2ErrorCode] = []
        }
        let values = Mutex(Values())

        var requests: [Request] { values.withLock { $0.requests } }
        var resets: [HTTP2ErrorCode] { values.withLock { $0.resets } }
        var connections: Int { values.withLock { $0.connections } }
    }

    let record: Record
    let port: Int

    private init(record: Record, port: Int) {
        self.record = record
        self.port = port
    }

    /// Runs `body` with a server that answers by `respond`, and closes it.
    static func run(
        _ respond: @escaping @Sendable (Request) -> [Step], check: (ScriptedServer) async throws -> Void
    ) async throws {
        let record = Record()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                record.values.withLock { $0.connections += 1 }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ScriptedHandler(record, respond))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            try await check(ScriptedServer(record: record, port: channel.localAddress?.port ?? 0))
        } catch {
            try? await channel.close()
            throw error
        }
        try await channel.close()
    }

    static let head = [HeaderField(":status", "200"), HeaderField("content-type", "application/grpc")]

    static func framed(_ message: String) -> ByteBuffer {
        var buffer = ByteBuffer(integer: UInt8(0))
        buffer.writeInteger(UInt32(message.utf8.count))
        buffer.writeString(message)
        return buffer
    }

    /// The steps of a call that succeeds with these messages.
    static func ok(_ messages: String...) -> [Step] {
        [.headers(head, endStream: false)] + messages.map { .data(framed($0)) }
            + [.trailers([HeaderField("grpc-status", "0")])]
    }

    /// The one step of a call that fails at once.
    static func trailersOnly(_ status: String, _ message: String) -> [Step] {
        [
            .headers(
                head + [HeaderField("grpc-status", status), HeaderField("grpc-message", message)],
                endStream: true)
        ]
    }
}

private final class ScriptedHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var session: HTTP2Session
    private var open: [StreamID: ScriptedServer.Request] = [:]
    private let record: ScriptedServer.Record
    private let respond: @Sendable (ScriptedServer.Request) -> [ScriptedServer.Step]

    init(
        _ record: ScriptedServer.Record,
        _ respond: @escaping @Sendable (ScriptedServer.Request) -> [ScriptedServer.Step]
    ) throws {
        session = try HTTP2Session(role: .server)
        self.record = record
        self.respond = respond
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        do { try session.receive(unwrapInboundIn(data)) } catch { return context.close(promise: nil) }
        while let event = session.nextEvent() { handle(event, context) }
        flush(context)
    }

    private func handle(_ event: HTTP2Event, _ context: ChannelHandlerContext) {
        switch event {
        case .headers(let stream, let block):
            open[stream] = ScriptedServer.Request(fields: block.fields)
            if block.endStream { answer(stream, context) }
        case .data(let stream, var content, let endStream):
            session.consume(content.readableBytes, on: stream)
            open[stream]?.body.writeBuffer(&content)
            if endStream { answer(stream, context) }
        case .reset(_, let code):
            record.values.withLock { $0.resets.append(code) }
        default:
            break
        }
    }

    private func answer(_ stream: StreamID, _ context: ChannelHandlerContext) {
        guard var request = open.removeValue(forKey: stream) else { return }
        record.values.withLock {
            request.number = $0.requests.count + 1
            $0.requests.append(request)
        }
        for step in respond(request) {
            switch step {
            case .headers(let fields, let endStream):
                session.submitResponse(fields, on: stream, endStream: endStream)
            case .data(let bytes): session.send(bytes, on: stream)
            case .trailers(let fields): session.finish(stream, trailers: fields)
            case .reset(let code): session.reset(stream, code)
            case .goAway: session.refuseNewStreams()
            case .closeConnection:
                flush(context)
                context.close(promise: nil)
            }
        }
    }

    private func flush(_ context: ChannelHandlerContext) {
        var output = ByteBuffer()
        _ = try? session.drain(into: &output)
        if output.readableBytes > 0 { context.writeAndFlush(wrapOutboundOut(output), promise: nil) }
        if session.isFinished { context.close(promise: nil) }
    }
}
