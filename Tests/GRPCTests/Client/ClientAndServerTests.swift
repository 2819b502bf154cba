import GRPC
import Logging
import NIOCore
import Testing

/// Both of our ends against each other, where what one sends the other has to understand.
struct ClientAndServerTests {
    static let echo = MethodDescriptor(service: "pkg.Test", method: "Echo")
    static let count = MethodDescriptor(service: "pkg.Test", method: "Count")
    static let peer = MethodDescriptor(service: "pkg.Test", method: "Peer")

    static var methods: MethodTable {
        var methods = MethodTable()
        methods.register(echo, unary: { message, _ in message })
        methods.register(peer, unary: { _, context in ByteBuffer(string: context.peer) })
        methods.register(
            count,
            serverStreaming: { message, _, writer in
                for index in 0..<message.readableBytes {
                    try await writer.write(ByteBuffer(string: "\(index)"))
                }
            })
        methods.register(
            MethodDescriptor(service: "pkg.Test", method: "Fail"),
            unary: { message, context in
                throw RPCError(
                    code: .dataLoss, message: "\t☺ \(String(buffer: message))", metadata: context.metadata)
            })
        return methods
    }

    static func serving(
        _ configuration: ServerConfiguration = ServerConfiguration(),
        _ body: (GRPCServer, ClientConnection) async throws -> Void
    ) async throws {
        let server = GRPCServer(methods: methods, configuration: configuration, logger: Logger(label: "test"))
        let port = try await server.start().port ?? 0
        let connection = ClientConnection(host: "127.0.0.1", port: port)
        let result: Result<Void, any Error>
        do { result = .success(try await body(server, connection)) } catch { result = .failure(error) }
        await connection.close()
        await server.drain(grace: .seconds(5))
        try result.get()
    }

    @Test(arguments: [0, 1, 16_384, 65_536, 3_000_000])
    func `a message of any size comes back`(size: Int) async throws {
        try await Self.serving { _, connection in
            let block = (0..<1021).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            var message = ByteBuffer()
            while message.readableBytes < size {
                message.writeBytes(block.prefix(size - message.readableBytes))
            }
            let start = ContinuousClock.now
            let response = try await connection.unary(Self.echo, message)
            let isSame = response.message == message
            #expect(isSame)
            // A connection that forgets to write looks again after a second, once for every few windows.
            #expect(.now - start < .seconds(3))
        }
    }

    @Test func `an error keeps its code, its message and its metadata`() async throws {
        try await Self.serving { _, connection in
            var metadata: Metadata = ["x-one": "1", "x-two": "2", "x-one": "3"]
            metadata.append("raw-bin", bytes: [0, 44, 255])
            let error = await #expect(throws: RPCError.self) {
                try await connection.unary(
                    MethodDescriptor(service: "pkg.Test", method: "Fail"), ByteBuffer(string: "%"),
                    metadata: metadata)
            }
            #expect(error?.status == Status(code: .dataLoss, message: "\t☺ %"))
            #expect(error?.metadata == metadata)
            let unknown = await #expect(throws: RPCError.self) {
                try await connection.unary(
                    MethodDescriptor(service: "pkg.Test", method: "None"), ByteBuffer())
            }
            #expect(unknown?.code == .unimplemented)
        }
    }

    @Test func `a stream of responses arrives in order`() async throws {
        try await Self.serving { _, connection in
            var texts: [String] = []
            for try await message in try connection.serverStreaming(
                Self.count, ByteBuffer(repeating: 0, count: 1000))
            {
                texts.append(String(buffer: message))
            }
            #expect(texts == (0..<1000).map { "\($0)" })
        }
    }

    /// The server replaces each connection many times by its two-step GOAWAY; the callers must not notice.
    @Test func `no call fails while connections reach their age`() async throws {
        var configuration = ServerConfiguration()
        configuration.maxConnectionAge = .milliseconds(50)
        try await Self.serving(configuration) { _, connection in
            // Until each worker has seen ten connections: how many calls that takes is the machine's affair.
            let end = ContinuousClock.now + .seconds(60)
            let calls = try await withThrowingTaskGroup(of: Int.self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        var number = 0
                        var connections: Set<String> = []
                        while connections.count < 10 || number <= 20, .now < end {
                            let message = ByteBuffer(string: "\(worker) \(number)")
                            let response = try await connection.unary(Self.echo, message)
                            #expect(response.message == message)
                            let peer = try await connection.unary(Self.peer, ByteBuffer())
                            connections.insert(String(buffer: peer.message))
                            number += 1
                        }
                        #expect(connections.count >= 10)
                        return number
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(calls > 100)
        }
    }
}
