import HTTP2
import NIOCore
import Testing

struct ExchangeTests {
    /// One whole exchange; returns what both sides saw, in short.
    private func exchange(pieceBytes: Int) throws -> [String] {
        let pair = try Loopback()
        pair.pieceBytes = pieceBytes
        let id = try pair.client.submitRequest(Loopback.request, endStream: false)
        pair.client.send(ByteBuffer(string: "hello"), on: id)
        pair.client.finish(id)
        try pair.pump()
        pair.server.submitResponse(Loopback.response, on: id, endStream: false)
        pair.server.send(ByteBuffer(string: "world"), on: id)
        pair.server.finish(id, trailers: Loopback.trailers)
        try pair.pump()
        let kinds = { (events: [HTTP2Event]) in
            events.headers.map {
                "\($0.1.kind) \($0.1.fields.map { "\($0.name)=\($0.value)" }) \($0.1.endStream)"
            }
        }
        return kinds(pair.serverEvents) + kinds(pair.clientEvents) + [
            String(decoding: pair.serverEvents.content(on: id), as: UTF8.self),
            String(decoding: pair.clientEvents.content(on: id), as: UTF8.self),
            "\(pair.serverEvents.ended(id)) \(pair.clientEvents.ended(id))",
            "\(pair.serverEvents.closed) \(pair.clientEvents.closed)", "\(pair.serverStreams)",
        ]
    }

    @Test func `an exchange is the same under every split of its bytes`() throws {
        let whole = try exchange(pieceBytes: .max)
        #expect(whole.contains("hello") && whole.contains("world"))
        #expect(whole.contains { $0.hasPrefix("trailers [\"grpc-status=0\"] true") })
        for pieceBytes in 1...120 {
            #expect(try exchange(pieceBytes: pieceBytes) == whole, "pieces of \(pieceBytes) bytes")
        }
    }

    @Test func `the wire holds DATA before the trailers`() throws {
        let pair = try Loopback()
        let id = try pair.client.submitRequest(Loopback.request, endStream: true)
        try pair.pump()
        pair.server.submitResponse(Loopback.response, on: id, endStream: false)
        pair.server.send(ByteBuffer(repeating: 7, count: 40_000), on: id)
        pair.server.finish(id, trailers: Loopback.trailers)
        var output = ByteBuffer()
        _ = try pair.server.drain(into: &output)
        #expect(frameTypes(output).filter { $0 <= 1 } == [1, 0, 0, 0, 1])
    }

    @Test func `a response without content has no DATA frame`() throws {
        let pair = try Loopback()
        let id = try pair.client.submitRequest(Loopback.request, endStream: true)
        try pair.pump()
        pair.server.submitResponse(Loopback.response, on: id, endStream: false)
        pair.server.finish(id, trailers: Loopback.trailers)
        var output = ByteBuffer()
        _ = try pair.server.drain(into: &output)
        #expect(frameTypes(output).filter { $0 <= 1 } == [1, 1])
    }

    @Test func `a trailers-only response is one HEADERS frame that ends the stream`() throws {
        let pair = try Loopback()
        let id = try pair.client.submitRequest(Loopback.request, endStream: true)
        try pair.pump()
        pair.server.submitResponse(Loopback.response + Loopback.trailers, on: id, endStream: true)
        try pair.pump()
        let blocks = pair.clientEvents.headers.map(\.1)
        #expect(blocks.count == 1)
        #expect(blocks.first?.endStream == true && blocks.first?.kind == .response)
        #expect(pair.clientEvents.closed == [id: .noError])
    }

    @Test func `content submitted piece by piece arrives whole and in order`() throws {
        let pair = try Loopback()
        let id = try pair.client.submitRequest(Loopback.request, endStream: false)
        var expected: [UInt8] = []
        for piece in 0..<50 {
            let bytes = [UInt8](repeating: UInt8(piece), count: piece * 37)
            expected += bytes
            pair.client.send(ByteBuffer(bytes: bytes), on: id)
            if piece % 3 == 0 { try pair.pump() }
        }
        pair.client.finish(id)
        try pair.pump()
        #expect(pair.serverEvents.content(on: id) == expected)
        #expect(pair.serverEvents.ended(id))
    }

    @Test func `request trailers end the request`() throws {
        let pair = try Loopback()
        let id = try pair.client.submitRequest(Loopback.request, endStream: false)
        pair.client.send(ByteBuffer(string: "x"), on: id)
        pair.client.finish(id, trailers: [HeaderField("x-checksum", "1")])
        try pair.pump()
        #expect(pair.serverEvents.headers.map(\.1.kind) == [.request, .trailers])
        #expect(pair.serverEvents.ended(id))
    }

    @Test func `a PING comes back with its payload, and the peer is told of it`() throws {
        let pair = try Loopback()
        pair.client.ping(0x0102_0304_0506_0708)
        try pair.pump()
        #expect(pair.serverEvents.contains { if case .ping = $0 { true } else { false } })
        #expect(
            pair.clientEvents.contains {
                if case .pingAcknowledged(0x0102_0304_0506_0708) = $0 { true } else { false }
            })
    }

    @Test func `each side is told the other's settings and their acknowledgement`() throws {
        var configuration = HTTP2Configuration()
        configuration.maxConcurrentStreams = 7
        configuration.streamWindowBytes = 1234
        let pair = try Loopback(server: configuration)
        try pair.pump()
        let settings = pair.clientEvents.compactMap { event -> PeerSettings? in
            if case .settings(let settings) = event { settings } else { nil }
        }
        #expect(settings.first?.maxConcurrentStreams == 7)
        #expect(settings.first?.initialWindowSize == 1234)
        #expect(pair.serverEvents.contains { if case .settingsAcknowledged = $0 { true } else { false } })
    }

    @Test func `a server speaks first, and what it says is SETTINGS`() throws {
        let server = try HTTP2Session(role: .server)
        var output = ByteBuffer()
        _ = try server.drain(into: &output)
        #expect(frameTypes(output).first == 4)
    }

    @Test func `a client without a header table and with huge frames is served`() throws {
        let server = try HTTP2Session(role: .server)
        var wire = RawClient()
        wire.preface(settings: [(1, 0), (5, 16_777_215), (0x4242, 7)])
        wire.request(stream: 1, endStream: true)
        try server.receive(wire.take())
        var output = ByteBuffer()
        _ = try server.drain(into: &output)
        output.clear()
        server.submitResponse(
            Loopback.response + Loopback.trailers, on: StreamID(rawValue: 1), endStream: true)
        _ = try server.drain(into: &output)
        // HEADERS, whose first octet is the dynamic table size update to 0 (RFC 7541, section 6.3).
        #expect(frameTypes(output) == [1])
        #expect(output.getInteger(at: output.readerIndex + 9, as: UInt8.self) == 0x20)
    }

    @Test func `bytes that are no preface kill the session`() throws {
        let server = try HTTP2Session(role: .server)
        #expect(throws: HTTP2Error.badPreface) {
            try server.receive(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        }
    }
}

/// The types of the frames in a run of whole frames.
func frameTypes(_ bytes: ByteBuffer) -> [UInt8] {
    var bytes = bytes
    var types: [UInt8] = []
    while let high = bytes.readInteger(as: UInt16.self), let low = bytes.readInteger(as: UInt8.self),
        let type = bytes.readInteger(as: UInt8.self)
    {
        types.append(type)
        bytes.moveReaderIndex(forwardBy: 5 + Int(high) << 8 + Int(low))
    }
    return types
}
