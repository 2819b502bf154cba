import GRPC
import HTTP2
import NIOCore
import Testing

/// Over real sockets, against a server that does as it is told.
struct ClientConnectionTests {
    static let method = MethodDescriptor(service: "pkg.Service", method: "Method")

    static func connected(
        to server: ScriptedServer, _ body: (ClientConnection) async throws -> Void
    ) async throws {
        let connection = ClientConnection(host: "127.0.0.1", port: server.port)
        do { try await body(connection) } catch {
            await connection.close()
            throw error
        }
        await connection.close()
    }

    @Test func `a unary call sends the fields of the specification and gets its answer`() async throws {
        let trailers = [HeaderField("grpc-status", "0"), HeaderField("after-bin", "AQI")]
        try await ScriptedServer.run { _ in
            [
                .headers(ScriptedServer.head + [HeaderField("before", "1")], endStream: false),
                .data(ScriptedServer.framed("answer")), .trailers(trailers),
            ]
        } check: { server in
            try await Self.connected(to: server) { connection in
                let response = try await connection.unary(
                    Self.method, ByteBuffer(string: "question"), metadata: ["x-key": "value"],
                    deadline: .after(.seconds(5)))
                #expect(String(buffer: response.message) == "answer")
                #expect(response.metadata == ["before": "1"])
                #expect(response.trailers.bytes("after-bin") == [1, 2])
                let request = try #require(server.record.requests.first)
                #expect(request.body == ScriptedServer.framed("question"))
                let expected = [
                    ":method": "POST", ":scheme": "http", ":path": "/pkg.Service/Method", "te": "trailers",
                    ":authority": "127.0.0.1:\(server.port)", "content-type": "application/grpc",
                    "x-key": "value",
                ]
                for (name, value) in expected { #expect(request.first(name) == value) }
                let timeout = try #require(GRPCTimeout(wireValue: request.first("grpc-timeout") ?? ""))
                #expect(timeout.duration > .seconds(4) && timeout.duration <= .seconds(5))
            }
        }
    }

    @Test func `a hundred calls at once share one connection and get their own answers`() async throws {
        try await ScriptedServer.run {
            ScriptedServer.ok(String($0.body.getString(at: 5, length: $0.body.readableBytes - 5) ?? ""))
        } check: { server in
            try await Self.connected(to: server) { connection in
                try await withThrowingTaskGroup { group in
                    for index in 0..<100 {
                        group.addTask {
                            let response = try await connection.unary(
                                Self.method, ByteBuffer(string: "\(index)"))
                            #expect(String(buffer: response.message) == "\(index)")
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(server.record.connections == 1)
            }
        }
    }

    @Test func `a call without a task is answered on the event loop, and may begin the next one there`()
        async throws
    {
        try await ScriptedServer.run {
            ScriptedServer.ok(String($0.body.getString(at: 5, length: $0.body.readableBytes - 5) ?? ""))
        } check: { server in
            try await Self.connected(to: server) { connection in
                let loop = connection.eventLoop
                let answers = try await withCheckedThrowingContinuation {
                    (done: CheckedContinuation<[String], any Error>) in
                    @Sendable func call(_ answers: [String]) {
                        let message = ByteBuffer(string: "\(answers.count)")
                        connection.unary(Self.method, message, deadline: .after(.seconds(5))) { result in
                            loop.preconditionInEventLoop()
                            switch result {
                            case .success(let response):
                                let answers = answers + [String(buffer: response.message)]
                                if answers.count < 50 {
                                    call(answers)
                                } else {
                                    done.resume(returning: answers)
                                }
                            case .failure(let error): done.resume(throwing: error)
                            }
                        }
                    }
                    call([])
                }
                #expect(answers == (0..<50).map { "\($0)" })
                #expect(server.record.connections == 1)
            }
        }
    }

    @Test func `a status of the server is thrown with its message and metadata`() async throws {
        try await ScriptedServer.run { request in
            request.path.hasSuffix("Only")
                ? ScriptedServer.trailersOnly("5", "no%20model %E2%98%BA")
                : [
                    .headers(ScriptedServer.head, endStream: false), .data(ScriptedServer.framed("ignored")),
                    .trailers([HeaderField("grpc-status", "8"), HeaderField("retry", "later")]),
                ]
        } check: { server in
            try await Self.connected(to: server) { connection in
                let only = MethodDescriptor(service: "pkg.Service", method: "Only")
                await #expect(throws: RPCError(code: .notFound, message: "no model ☺")) {
                    try await connection.unary(only, ByteBuffer())
                }
                await #expect(
                    throws: RPCError(code: .resourceExhausted, message: "", metadata: ["retry": "later"])
                ) {
                    try await connection.unary(Self.method, ByteBuffer())
                }
            }
        }
    }

    static let brokenResponses: [(String, [ScriptedServer.Step], StatusCode)] = [
        ("no trailers", [.headers(ScriptedServer.head, endStream: false), .reset(.noError)], .internal),
        ("no status", [.headers(ScriptedServer.head, endStream: true)], .unknown),
        (
            "not gRPC",
            [
                .headers(
                    [HeaderField(":status", "200"), HeaderField("content-type", "text/html")], endStream: true
                )
            ], .unknown
        ),
        ("HTTP 404", [.headers([HeaderField(":status", "404")], endStream: true)], .unimplemented),
        ("HTTP 503", [.headers([HeaderField(":status", "503")], endStream: false)], .unavailable),
        ("no message", ScriptedServer.ok(), .unimplemented),
        ("two messages", ScriptedServer.ok("a", "b"), .unimplemented),
        ("reset INTERNAL_ERROR", [.reset(.internalError)], .internal),
        ("reset CANCEL", [.reset(.cancel)], .cancelled),
        ("reset ENHANCE_YOUR_CALM", [.reset(.enhanceYourCalm)], .resourceExhausted),
        ("connection closed", [.closeConnection], .unavailable),
        (
            "half a message",
            [
                .headers(ScriptedServer.head, endStream: false),
                .data(ByteBuffer(bytes: [0, 0, 0, 0, 9, 1])),
                .trailers([HeaderField("grpc-status", "0")]),
            ], .internal
        ),
        (
            "compressed message",
            [.headers(ScriptedServer.head, endStream: false), .data(ByteBuffer(bytes: [1, 0, 0, 0, 1, 1]))],
            .internal
        ),
        (
            "message beyond the limit",
            [.headers(ScriptedServer.head, endStream: false), .data(ByteBuffer(bytes: [0, 255, 0, 0, 0]))],
            .resourceExhausted
        ),
    ]

    @Test(arguments: brokenResponses) func `a broken response fails with the code of the specification`(
        what: String, steps: [ScriptedServer.Step], code: StatusCode
    ) async throws {
        try await ScriptedServer.run {
            $0.number == 1 ? steps : ScriptedServer.ok("fine")
        } check: { server in
            try await Self.connected(to: server) { connection in
                let error = await #expect(throws: RPCError.self, "\(what)") {
                    try await connection.unary(Self.method, ByteBuffer(string: "x"))
                }
                #expect(error?.code == code, "\(what): \(error.map { "\($0)" } ?? "")")
                // Whatever it was, the next call works.
                let response = try await connection.unary(Self.method, ByteBuffer(string: "x"))
                #expect(String(buffer: response.message) == "fine")
            }
        }
    }

    @Test func `a call that was refused before any work is repeated without the caller noticing`()
        async throws
    {
        try await ScriptedServer.run {
            $0.number < 3 ? [.reset(.refusedStream)] : ScriptedServer.ok("third")
        } check: { server in
            try await Self.connected(to: server) { connection in
                let response = try await connection.unary(Self.method, ByteBuffer())
                #expect(String(buffer: response.message) == "third")
            }
        }
        try await ScriptedServer.run { _ in
            [.reset(.refusedStream)]
        } check: { server in
            try await Self.connected(to: server) { connection in
                let error = await #expect(throws: RPCError.self) {
                    try await connection.unary(Self.method, ByteBuffer())
                }
                #expect(error?.code == .unavailable)
                #expect(server.record.requests.count == 3)
            }
        }
    }

    @Test func `after GOAWAY the calls in flight finish and the next goes to a new connection`() async throws
    {
        try await ScriptedServer.run { request in
            (request.number == 1 ? [.goAway] : []) + ScriptedServer.ok("answer \(request.number)")
        } check: { server in
            try await Self.connected(to: server) { connection in
                for number in 1...3 {
                    let response = try await connection.unary(Self.method, ByteBuffer())
                    #expect(String(buffer: response.message) == "answer \(number)")
                }
                #expect(server.record.connections == 2)
            }
        }
    }
}
