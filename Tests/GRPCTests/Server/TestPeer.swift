import GRPC
import HTTP2
import Logging
import NIOCore
import NIOPosix

/// A client that says what it is told, over a real socket: HTTP/2 by a session of its own, or raw bytes.
final class TestPeer {
    let session: HTTP2Session
    private(set) var events: [HTTP2Event] = []
    /// How much content has come on each stream, and which are closed.
    private(set) var contentBytes: [StreamID: Int] = [:]
    private(set) var closed: Set<StreamID> = []
    /// The server has closed, or half-closed, the connection.
    private(set) var isClosed = false
    private let channel: any Channel
    private var incoming: AsyncStream<ByteBuffer>.Iterator

    /// Everything one call was answered with.
    struct Answer {
        var blocks: [HeaderBlock] = []
        var content: [UInt8] = []
        var reset: HTTP2ErrorCode?

        var status: String? { blocks.first?.first(":status") }
        var grpcStatus: StatusCode? { field("grpc-status").map { StatusCode(wireValue: $0) } }
        var message: String { PercentEncoding.decode(field("grpc-message") ?? "") }
        var isTrailersOnly: Bool { blocks.count == 1 && content.isEmpty && blocks[0].endStream }

        func field(_ name: String) -> String? { blocks.last?.first(name) }
    }

    init(port: Int, configuration: HTTP2Configuration = HTTP2Configuration()) async throws {
        session = try HTTP2Session(role: .client, configuration: configuration)
        let (stream, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
        incoming = stream.makeAsyncIterator()
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(continuation: continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    deinit { channel.close(promise: nil) }

    func close() async {
        try? await channel.close().get()
    }

    /// Writes bytes as they are.
    func write(_ bytes: ByteBuffer) async {
        try? await channel.writeAndFlush(bytes).get()
    }

    /// Writes what the session has to say. That the server has closed meanwhile is found out by reading.
    func flush() async throws {
        var output = ByteBuffer()
        _ = try session.drain(into: &output)
        if output.readableBytes > 0 { try? await channel.writeAndFlush(output).get() }
    }

    /// Exchanges bytes until the events satisfy `condition`, or the server closes.
    func run(until condition: ([HTTP2Event]) -> Bool) async throws {
        while true {
            while let event = session.nextEvent() {
                events.append(event)
                if case .data(let id, let bytes, _) = event {
                    contentBytes[id, default: 0] += bytes.readableBytes
                }
                if case .closed(let id, _) = event { closed.insert(id) }
            }
            try await flush()
            if condition(events) { return }
            try await flush()  // the condition may have given bytes back to flow control
            var iterator = incoming
            let bytes = await iterator.next()
            incoming = iterator
            guard let bytes else {
                isClosed = true
                return
            }
            try session.receive(bytes)
        }
    }

    static func head(_ path: String, _ changes: [(String, String?)] = []) -> [HeaderField] {
        var fields = [
            HeaderField(":method", "POST"), HeaderField(":scheme", "http"), HeaderField(":path", path),
            HeaderField(":authority", "localhost"), HeaderField("content-type", "application/grpc"),
            HeaderField("te", "trailers"),
        ]
        for (name, value) in changes {
            let place = fields.firstIndex { $0.name == name }
            switch (place, value) {
            case (let place?, let value?): fields[place].value = value
            case (let place?, nil): fields.remove(at: place)
            case (nil, let value?): fields.append(HeaderField(name, value))
            case (nil, nil): break
            }
        }
        return fields
    }

    /// Opens a call without ending it.
    func open(_ path: String, _ changes: [(String, String?)] = []) throws -> StreamID {
        try session.submitRequest(Self.head(path, changes), endStream: false)
    }

    /// One whole call: `body` is sent as it is, then the request ends.
    func call(
        _ path: String, _ changes: [(String, String?)] = [], body: ByteBuffer = framed("")
    ) async throws -> Answer {
        let id = try open(path, changes)
        session.send(body, on: id)
        session.finish(id)
        return try await answer(to: id)
    }

    /// Waits until the stream has closed.
    func answer(to id: StreamID) async throws -> Answer {
        try await run { _ in closed.contains(id) }
        return received(on: id)
    }

    func received(on id: StreamID) -> Answer {
        var answer = Answer()
        for event in events {
            switch event {
            case .headers(id, let block): answer.blocks.append(block)
            case .data(id, let bytes, _): answer.content += Array(bytes.readableBytesView)
            case .closed(id, let code) where code != .noError: answer.reset = code
            default: break
            }
        }
        return answer
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let continuation: AsyncStream<ByteBuffer>.Continuation
        init(continuation: AsyncStream<ByteBuffer>.Continuation) { self.continuation = continuation }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            continuation.yield(unwrapInboundIn(data))
        }
        func channelInactive(context: ChannelHandlerContext) { continuation.finish() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

/// A message with its prefix.
func framed(_ text: String) -> ByteBuffer { MessageFraming.framed(ByteBuffer(string: text)) }

/// Runs a server for one test.
func withServer(
    _ methods: MethodTable = .echo, configure: (inout ServerConfiguration) -> Void = { _ in },
    _ body: (Int, GRPCServer) async throws -> Void
) async throws {
    var configuration = ServerConfiguration()
    // All tests run at once: a peer may wait for its turn longer than any honest client takes for a handshake.
    configuration.handshakeTimeout = .minutes(5)
    configure(&configuration)
    let server = GRPCServer(
        methods: methods, configuration: configuration,
        logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    let port = try await server.start().port ?? 0
    do {
        try await body(port, server)
    } catch {
        await server.drain(grace: .zero)
        throw error
    }
    await server.drain(grace: .zero)
}

extension MethodTable {
    /// One method of each kind.
    static var echo: MethodTable {
        var table = MethodTable()
        table.register(name("Unary"), unary: { request, _ in request })
        table.register(
            name("Repeat"),
            serverStreaming: { request, _, writer in
                for _ in 0..<3 { try await writer.write(request) }
            })
        table.register(
            name("Sum"),
            clientStreaming: { requests, _ in
                var total = 0
                for try await request in requests { total += request.readableBytes }
                return ByteBuffer(string: "\(total)")
            })
        table.register(
            name("Chat"),
            bidirectional: { requests, _, writer in
                for try await request in requests { try await writer.write(request) }
            })
        return table
    }

    static func name(_ method: String) -> MethodDescriptor {
        MethodDescriptor(service: "echo.Echo", method: method)
    }
}
