import GRPC
import HTTP2
import NIOCore
import Testing

/// How calls end that nobody waits for any more.
struct ClientCancellationTests {
    static let method = ClientConnectionTests.method

    /// Waits until the server has seen a RST_STREAM.
    private func firstReset(_ server: ScriptedServer) async throws -> HTTP2ErrorCode? {
        for _ in 0..<500 {
            if let code = server.record.resets.first { return code }
            try await Task.sleep(for: .milliseconds(10))
        }
        return nil
    }

    @Test func `a deadline ends the call here and resets the stream there`() async throws {
        try await ScriptedServer.run {
            $0.number == 1 ? ScriptedServer.ok("") : []
        } check: { server in
            try await ClientConnectionTests.connected(to: server) { connection in
                // The first call is there to be connected, however long that takes on a busy machine.
                _ = try await connection.unary(Self.method, ByteBuffer())
                let start = ContinuousClock.now
                let error = await #expect(throws: RPCError.self) {
                    try await connection.unary(
                        Self.method, ByteBuffer(), deadline: .after(.milliseconds(200)))
                }
                #expect(error?.code == .deadlineExceeded)
                #expect(.now - start >= .milliseconds(200))
                let code = try await firstReset(server)
                #expect(code == .cancel)
            }
        }
    }

    @Test func `a deadline that has passed sends nothing`() async throws {
        try await ScriptedServer.run { _ in
            ScriptedServer.ok("")
        } check: { server in
            try await ClientConnectionTests.connected(to: server) { connection in
                let error = await #expect(throws: RPCError.self) {
                    try await connection.unary(Self.method, ByteBuffer(), deadline: .after(.zero))
                }
                #expect(error?.code == .deadlineExceeded)
                #expect(server.record.connections == 0)
            }
        }
    }

    @Test func `cancelling the task resets the stream`() async throws {
        try await ScriptedServer.run { _ in
            []
        } check: { server in
            try await ClientConnectionTests.connected(to: server) { connection in
                let call = Task { try await connection.unary(Self.method, ByteBuffer()) }
                while server.record.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
                call.cancel()
                let result = await call.result
                #expect(throws: RPCError(code: .cancelled, message: "the caller cancelled the call")) {
                    try result.get()
                }
                let code = try await firstReset(server)
                #expect(code == .cancel)
            }
        }
    }

    @Test func `a task that is cancelled already sends nothing`() async throws {
        try await ScriptedServer.run { _ in
            ScriptedServer.ok("")
        } check: { server in
            try await ClientConnectionTests.connected(to: server) { connection in
                let call = Task {
                    while !Task.isCancelled { await Task.yield() }
                    return try await connection.unary(Self.method, ByteBuffer())
                }
                call.cancel()
                let result = await call.result
                #expect(throws: RPCError.self) { try result.get() }
                #expect(server.record.requests.isEmpty)
            }
        }
    }

    @Test func `a refused connection is UNAVAILABLE and names the address`() async {
        // Port 1 of the loopback address: nobody listens there.
        let connection = ClientConnection(host: "127.0.0.1", port: 1)
        let error = await #expect(throws: RPCError.self) {
            try await connection.unary(Self.method, ByteBuffer())
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message.hasPrefix("cannot connect to 127.0.0.1:1: connection refused") == true)
        await connection.close()
    }

    @Test func `closing fails the calls in progress and the later ones`() async throws {
        try await ScriptedServer.run { _ in
            []
        } check: { server in
            let connection = ClientConnection(host: "127.0.0.1", port: server.port)
            let call = Task { try await connection.unary(Self.method, ByteBuffer()) }
            while server.record.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            await connection.close()
            for result in [
                await call.result,
                await Task { try await connection.unary(Self.method, ByteBuffer()) }.result,
            ] {
                let error = #expect(throws: RPCError.self) { try result.get() }
                #expect(error?.code == .unavailable)
            }
        }
    }
}
