import GRPC
import HTTP2
import NIOCore
import Testing

struct ResponseStreamTests {
    static let method = ClientConnectionTests.method

    @Test func `messages come one by one and the stream ends with the call`() async throws {
        try await ScriptedServer.run { _ in
            ScriptedServer.ok("a", "", "c")
        } check: { server in
            try await ClientConnectionTests.connected(to: server) { connection in
                var texts: [String] = []
                for try await message in try connection.serverStreaming(Self.method, ByteBuffer()) {
                    texts.append(String(buffer: message))
                }
                #expect(texts == ["a", "", "c"])
            }
        }
    }

    @Test func `an error comes after the messages before it`() async throws {
        try await ScriptedServer.run { _ in
            [
                .headers(ScriptedServer.head, endStream: false), .data(ScriptedServer.framed("a")),
                .trailers([HeaderField("grpc-status", "10")]),
            ]
        } check: { server in
            try await ClientConnectionTests.connected(to: server) { connection in
                var iterator = try connection.serverStreaming(Self.method, ByteBuffer()).makeAsyncIterator()
                let first = try await iterator.next()
                #expect(first == ByteBuffer(string: "a"))
                do {
                    _ = try await iterator.next()
                    Issue.record("the error is missing")
                } catch {
                    #expect((error as? RPCError)?.code == .aborted)
                }
            }
        }
    }

    @Test func `far more than the windows arrives while it is read`() async throws {
        let message = String(repeating: "x", count: 100_000)
        let steps: [ScriptedServer.Step] =
            [.headers(ScriptedServer.head, endStream: false)]
            + [ScriptedServer.Step](repeating: .data(ScriptedServer.framed(message)), count: 200)
            + [.trailers([HeaderField("grpc-status", "0")])]
        try await ScriptedServer.run { _ in
            steps
        } check: { server in
            try await ClientConnectionTests.connected(to: server) { connection in
                var count = 0
                for try await message in try connection.serverStreaming(Self.method, ByteBuffer()) {
                    #expect(message.readableBytes == 100_000)
                    count += 1
                }
                #expect(count == 200)
            }
        }
    }

    @Test func `leaving the loop resets the stream`() async throws {
        let steps: [ScriptedServer.Step] = [
            .headers(ScriptedServer.head, endStream: false), .data(ScriptedServer.framed("a")),
        ]
        try await ScriptedServer.run { _ in
            steps
        } check: { server in
            try await ClientConnectionTests.connected(to: server) { connection in
                for try await _ in try connection.serverStreaming(Self.method, ByteBuffer()) { break }
                var waited = 0
                while server.record.resets.isEmpty, waited < 500 {
                    try await Task.sleep(for: .milliseconds(10))
                    waited += 1
                }
                #expect(server.record.resets == [.cancel])
            }
        }
    }
}
