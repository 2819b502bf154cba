import GRPC
import HTTP2
import NIOCore
import Testing

/// What a response looks like on the wire.
struct ResponseRulesTests {
    private func table(_ handler: @escaping MethodTable.Unary) -> MethodTable {
        var table = MethodTable()
        table.register(MethodTable.name("Unary"), unary: handler)
        return table
    }

    private func answer(_ handler: @escaping MethodTable.Unary) async throws -> TestPeer.Answer {
        var answer = TestPeer.Answer()
        try await withServer(table(handler)) { port, _ in
            let peer = try await TestPeer(port: port)
            answer = try await peer.call("/echo.Echo/Unary", [("x-key", "value")], body: framed("hello"))
        }
        return answer
    }

    @Test func `an answer is headers, one message and a status of 0`() async throws {
        let answer = try await answer { request, _ in request }
        #expect(answer.blocks.map(\.kind) == [.response, .trailers])
        #expect(answer.blocks.first?.fields.map(\.name) == [":status", "content-type"])
        #expect(answer.content == [0, 0, 0, 0, 5] + Array("hello".utf8))
        #expect(answer.field("grpc-status") == "0")
    }

    @Test func `a thrown RPCError is the status, in trailers only, with its metadata`() async throws {
        let answer = try await answer { _, _ in
            throw RPCError(code: .notFound, message: "no model \"x\"", metadata: ["x-reason": "none"])
        }
        #expect(answer.isTrailersOnly && answer.grpcStatus == .notFound)
        #expect(answer.message == "no model \"x\"" && answer.field("x-reason") == "none")
    }

    @Test func `a message of any Unicode survives`() async throws {
        let message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
        let answer = try await answer { _, _ in throw RPCError(code: .unknown, message: message) }
        #expect(answer.message == message)
    }

    @Test func `an error that is no RPCError is UNKNOWN and does not tell its insides`() async throws {
        struct Secret: Error { let password = "hunter2" }
        let answer = try await answer { _, _ in throw Secret() }
        #expect(answer.grpcStatus == .unknown && !answer.message.contains("hunter2"))
    }

    @Test func `an endless message is cut so that headers and trailers stay within 8 KiB`() async throws {
        let answer = try await answer { _, context in
            context.response.initial.append("x-initial", String(repeating: "i", count: 1000))
            throw RPCError(code: .internal, message: String(repeating: "☺", count: 50_000))
        }
        let size = answer.blocks.flatMap(\.fields).reduce(0) { $0 + $1.listSize }
        #expect(size <= 8192 && size > 8000)
        #expect(answer.message.hasPrefix("☺☺☺"))
    }

    @Test func `initial and trailing metadata go where they belong`() async throws {
        let answer = try await answer { request, context in
            context.response.initial.append("x-initial", context.metadata.text("x-key") ?? "")
            context.response.trailing.append("x-trailing-bin", bytes: [1, 2])
            return request
        }
        #expect(answer.blocks.first?.first("x-initial") == "value")
        #expect(answer.blocks.last?.first("x-trailing-bin") == "AQI")
    }

    @Test func `metadata that would break the response is left out`() async throws {
        let answer = try await answer { request, context in
            context.response.initial.append("grpc-status", "5")
            context.response.trailing.append("x-text", "a\nb")
            context.response.trailing.append("x-good", "yes")
            return request
        }
        #expect(answer.blocks.first?.first("grpc-status") == nil && answer.grpcStatus == .ok)
        #expect(answer.field("x-text") == nil && answer.field("x-good") == "yes")
    }

    @Test func `headers can go out before the first message`() async throws {
        var methods = MethodTable()
        methods.register(
            MethodTable.name("Early"),
            bidirectional: { requests, context, writer in
                context.response.initial.append("x-early", "1")
                writer.sendMetadata()
                for try await request in requests { try await writer.write(request) }
            })
        try await withServer(methods) { port, _ in
            let peer = try await TestPeer(port: port)
            let id = try peer.open("/echo.Echo/Early")
            try await peer.run { _ in !peer.received(on: id).blocks.isEmpty }
            #expect(peer.received(on: id).blocks.first?.first("x-early") == "1")
            peer.session.send(framed("x"), on: id)
            peer.session.finish(id)
            let answer = try await peer.answer(to: id)
            #expect(answer.grpcStatus == .ok && answer.content.count == 6 && answer.blocks.count == 2)
        }
    }

    @Test func `a response over the limit is RESOURCE_EXHAUSTED naming both sizes`() async throws {
        let methods = table { _, _ in ByteBuffer(repeating: 0, count: 1001) }
        try await withServer(methods) {
            $0.maxSendMessageBytes = 1000
        } _: { port, _ in
            let peer = try await TestPeer(port: port)
            let answer = try await peer.call("/echo.Echo/Unary")
            #expect(answer.grpcStatus == .resourceExhausted && answer.isTrailersOnly)
            #expect(answer.message.contains("1001") && answer.message.contains("1000"))
        }
    }

    @Test func `the content type of the request comes back`() async throws {
        try await withServer { port, _ in
            let peer = try await TestPeer(port: port)
            let answer = try await peer.call("/echo.Echo/Unary", [("content-type", "application/grpc+proto")])
            #expect(answer.blocks.first?.first("content-type") == "application/grpc+proto")
        }
    }

    @Test func `answering before the request ended stops it with NO_ERROR`() async throws {
        try await withServer { port, _ in
            let peer = try await TestPeer(port: port)
            let id = try peer.open("/echo.Echo/Nope")
            let answer = try await peer.answer(to: id)
            #expect(answer.grpcStatus == .unimplemented && answer.reset == nil)
            #expect(peer.events.contains { if case .reset(id, .noError) = $0 { true } else { false } })
        }
    }

    @Test func `every kind of call gives its messages`() async throws {
        try await withServer { port, _ in
            let peer = try await TestPeer(port: port)
            let repeated = try await peer.call("/echo.Echo/Repeat", body: framed("ab"))
            #expect(
                repeated.content
                    == Array(repeating: [0, 0, 0, 0, 2, 97, 98] as [UInt8], count: 3).flatMap(\.self))
            var three = framed("a")
            three.writeImmutableBuffer(framed("bcd"))
            three.writeImmutableBuffer(framed(""))
            let sum = try await peer.call("/echo.Echo/Sum", body: three)
            #expect(sum.content == [0, 0, 0, 0, 1, UInt8(ascii: "4")])
            let chat = try await peer.call("/echo.Echo/Chat", body: three)
            #expect(chat.content == Array(three.readableBytesView) && chat.grpcStatus == .ok)
            let silent = try await peer.call("/echo.Echo/Chat", body: ByteBuffer())
            #expect(silent.content.isEmpty && silent.grpcStatus == .ok)
        }
    }

    @Test func `a chat answers each message before the next one is sent`() async throws {
        try await withServer { port, _ in
            let peer = try await TestPeer(port: port)
            let id = try peer.open("/echo.Echo/Chat")
            var expected: [UInt8] = []
            for turn in 0..<5 {
                peer.session.send(framed("turn \(turn)"), on: id)
                expected += Array(framed("turn \(turn)").readableBytesView)
                try await peer.run { _ in peer.received(on: id).content.count >= expected.count }
                #expect(peer.received(on: id).content == expected)
            }
            peer.session.finish(id)
            #expect(try await peer.answer(to: id).grpcStatus == .ok)
        }
    }
}
