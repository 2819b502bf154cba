import GRPC
import HTTP2
import NIOCore
import Testing

/// What a request must be, and what is answered if it is not.
struct RequestRulesTests {
    private let unary = "/echo.Echo/Unary"

    private func answer(
        _ path: String = "/echo.Echo/Unary", _ changes: [(String, String?)] = [],
        body: ByteBuffer = framed("hello"), configure: (inout ServerConfiguration) -> Void = { _ in }
    ) async throws -> TestPeer.Answer {
        var result = TestPeer.Answer()
        try await withServer(configure: configure) { port, _ in
            let peer = try await TestPeer(port: port)
            result = try await peer.call(path, changes, body: body)
            // Whatever was wrong, the connection and the next call are not.
            let next = try await peer.call(unary, body: framed("next"))
            #expect(next.grpcStatus == .ok)
        }
        return result
    }

    @Test func `a method other than POST is 405 and INTERNAL`() async throws {
        let answer = try await answer(unary, [(":method", "GET")])
        #expect(answer.status == "405" && answer.grpcStatus == .internal && answer.isTrailersOnly)
    }

    @Test(arguments: [
        "application/grpc", "application/grpc+proto", "application/grpc;charset=utf-8",
        "application/grpc+proto;x",
    ])
    func `gRPC content types are accepted`(type: String) async throws {
        let answer = try await answer(unary, [("content-type", type)])
        #expect(answer.status == "200" && answer.grpcStatus == .ok)
    }

    @Test(arguments: ["application/grpcfoo", "application/grpc+foo", "application/json", nil])
    func `other content types are 415 without a gRPC status`(type: String?) async throws {
        let answer = try await answer(unary, [("content-type", type)])
        #expect(answer.status == "415" && answer.grpcStatus == nil)
    }

    @Test func `te may be missing`() async throws {
        #expect(try await answer(unary, [("te", nil)]).grpcStatus == .ok)
    }

    @Test(arguments: [
        "/echo.Echo/Nope", "/nope.Nope/Unary", "/", "/echo.echo/Unary", "/echo.Echo/",
    ])
    func `an unknown path is UNIMPLEMENTED in trailers only`(path: String) async throws {
        let answer = try await answer(path, body: ByteBuffer(repeating: 0xff, count: 100_000))
        #expect(answer.status == "200" && answer.grpcStatus == .unimplemented && answer.isTrailersOnly)
        #expect(answer.field("content-type") == "application/grpc")
    }

    @Test func `a path that does not begin with a slash is malformed HTTP/2`() async throws {
        try await withServer { port, _ in
            let peer = try await TestPeer(port: port)
            #expect(try await peer.call("noslash").reset == .protocolError)
            #expect(try await peer.call(unary).grpcStatus == .ok)
        }
    }

    @Test func `connection-specific fields are malformed HTTP/2`() async throws {
        try await withServer { port, _ in
            let peer = try await TestPeer(port: port)
            #expect(try await peer.call(unary, [("connection", "close")]).reset == .protocolError)
        }
    }

    @Test func `the authority may come as host, but only once`() async throws {
        let once = try await answer(unary, [(":authority", nil), ("host", "a")])
        #expect(once.grpcStatus == .ok)
        try await withServer { port, _ in
            let peer = try await TestPeer(port: port)
            var head = TestPeer.head(unary, [(":authority", nil)])
            head += [HeaderField("host", "a"), HeaderField("host", "b")]
            let id = try peer.session.submitRequest(head, endStream: true)
            let twice = try await peer.answer(to: id)
            // nghttp2 itself refuses a second host as malformed.
            #expect(twice.status == "400" || twice.reset == .protocolError)
        }
    }

    @Test(arguments: ["", "5", "m", "123456789m", "-1S", "1.5S", "5x", "5 m"])
    func `a malformed timeout is 400 and INTERNAL`(timeout: String) async throws {
        let answer = try await answer(unary, [("grpc-timeout", timeout)])
        #expect(answer.status == "400" && answer.grpcStatus == .internal)
    }

    @Test(arguments: ["99999999H", "5S", "00000005S"])
    func `a well-formed timeout is accepted`(timeout: String) async throws {
        #expect(try await answer(unary, [("grpc-timeout", timeout)]).grpcStatus == .ok)
    }

    @Test func `a header list over the limit is RESOURCE_EXHAUSTED`() async throws {
        let answer = try await answer(unary, [("x-big", String(repeating: "x", count: 20_000))])
        #expect(answer.grpcStatus == .resourceExhausted && answer.isTrailersOnly)
    }

    @Test func `binary metadata that is not base64 is 400 and INTERNAL`() async throws {
        let answer = try await answer(unary, [("x-data-bin", "*")])
        #expect(answer.status == "400" && answer.grpcStatus == .internal)
    }

    @Test func `an unknown encoding is UNIMPLEMENTED and tells those known`() async throws {
        let answer = try await answer(unary, [("grpc-encoding", "snappy")])
        #expect(answer.grpcStatus == .unimplemented)
        #expect(answer.field("grpc-accept-encoding") == "identity")
    }

    @Test(arguments: [UInt8(1), 2, 255])
    func `a message flag that is not 0 is INTERNAL without an encoding`(flag: UInt8) async throws {
        let answer = try await answer(body: ByteBuffer(bytes: [flag, 0, 0, 0, 1, 7]))
        #expect(answer.grpcStatus == .internal)
    }

    @Test(arguments: [[UInt8(0)], [0, 0, 0, 0, 2, 7]])
    func `a request that ends inside a message is INTERNAL`(body: [UInt8]) async throws {
        #expect(try await answer(body: ByteBuffer(bytes: body)).grpcStatus == .internal)
    }

    @Test(arguments: ["Unary", "Repeat"])
    func `no message or two messages for one are UNIMPLEMENTED`(method: String) async throws {
        let path = "/echo.Echo/\(method)"
        #expect(try await answer(path, body: ByteBuffer()).grpcStatus == .unimplemented)
        var two = framed("a")
        two.writeImmutableBuffer(framed("b"))
        #expect(try await answer(path, body: two).grpcStatus == .unimplemented)
    }

    @Test func `a message at the limit passes, and one byte more is RESOURCE_EXHAUSTED naming both sizes`()
        async throws
    {
        let fits = framed(String(repeating: "x", count: 1000))
        let tooLong = framed(String(repeating: "x", count: 1001))
        let passed = try await answer(body: fits) { $0.maxReceiveMessageBytes = 1000 }
        #expect(passed.grpcStatus == .ok && passed.content.count == 1005)
        for path in ["/echo.Echo/Unary", "/echo.Echo/Sum"] {
            let refused = try await answer(path, body: tooLong) { $0.maxReceiveMessageBytes = 1000 }
            #expect(refused.grpcStatus == .resourceExhausted)
            #expect(refused.message.contains("1001") && refused.message.contains("1000"))
        }
    }

    @Test func `a length of 4 GiB is refused as soon as it is announced`() async throws {
        try await withServer { port, _ in
            let peer = try await TestPeer(port: port)
            let id = try peer.open(unary)
            peer.session.send(ByteBuffer(bytes: [0, 0xff, 0xff, 0xff, 0xff]), on: id)
            let answer = try await peer.answer(to: id)  // the request never ends
            #expect(answer.grpcStatus == .resourceExhausted)
        }
    }

    @Test func `messages do not depend on the edges of DATA frames`() async throws {
        try await withServer { port, _ in
            let peer = try await TestPeer(port: port)
            let id = try peer.open("/echo.Echo/Chat")
            var body = framed("first")
            body.writeImmutableBuffer(framed(""))
            body.writeImmutableBuffer(framed("third"))
            let expected = Array(body.readableBytesView)
            while let piece = body.readSlice(length: 1) {
                peer.session.send(piece, on: id)
                try await peer.flush()
            }
            peer.session.finish(id)
            #expect(try await peer.answer(to: id).content == expected)
        }
    }

    @Test func `an empty message is a message`() async throws {
        let answer = try await answer(body: framed(""))
        #expect(answer.grpcStatus == .ok && answer.content == [0, 0, 0, 0, 0])
    }

    @Test func `request trailers are tolerated`() async throws {
        try await withServer { port, _ in
            let peer = try await TestPeer(port: port)
            let id = try peer.open(unary)
            peer.session.send(framed("x"), on: id)
            peer.session.finish(id, trailers: [HeaderField("x-checksum", "1")])
            #expect(try await peer.answer(to: id).grpcStatus == .ok)
        }
    }

    @Test func `HTTP/1 and TLS bytes get the connection closed`() async throws {
        try await withServer { port, _ in
            for start in [
                Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8), [0x16, 3, 1, 0, 0xa5, 1, 0, 0, 0xa1, 3, 3],
            ] {
                let peer = try await TestPeer(port: port)
                await peer.write(ByteBuffer(bytes: start + [UInt8](repeating: 0, count: 24)))
                while !peer.isClosed { try await peer.run { _ in false } }
            }
        }
    }
}
