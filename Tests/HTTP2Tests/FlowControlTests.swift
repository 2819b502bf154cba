import HTTP2
import NIOCore
import Testing

struct FlowControlTests {
    private func small(_ stream: Int32, connection: Int32 = 65_535) -> HTTP2Configuration {
        var configuration = HTTP2Configuration()
        configuration.streamWindowBytes = stream
        configuration.connectionWindowBytes = connection
        return configuration
    }

    @Test func `an upload stops at the window and goes on as the server consumes`() throws {
        let pair = try Loopback(server: small(10_000))
        try pair.pump()
        let id = try pair.client.submitRequest(Loopback.request, endStream: false)
        pair.client.send(ByteBuffer(repeating: 3, count: 25_000), on: id)
        pair.client.finish(id)
        try pair.pump()
        #expect(pair.serverEvents.content(on: id).count == 10_000)
        let waiting = pair.client.pendingBytes(on: id)
        #expect(waiting == 15_000)
        pair.server.consume(10_000, on: id)
        try pair.pump()
        #expect(pair.serverEvents.content(on: id).count == 20_000)
        pair.server.consume(10_000, on: id)
        try pair.pump()
        #expect(pair.serverEvents.content(on: id).count == 25_000)
        #expect(pair.serverEvents.ended(id))
    }

    @Test func `a download stops at the client's window and goes on as the client consumes`() throws {
        let pair = try Loopback(client: small(10_000))
        let id = try pair.client.submitRequest(Loopback.request, endStream: true)
        try pair.pump()
        pair.server.submitResponse(Loopback.response, on: id, endStream: false)
        pair.server.send(ByteBuffer(repeating: 3, count: 15_000), on: id)
        pair.server.finish(id, trailers: Loopback.trailers)
        try pair.pump()
        #expect(pair.clientEvents.content(on: id).count == 10_000)
        #expect(!pair.clientEvents.ended(id))
        pair.client.consume(10_000, on: id)
        try pair.pump()
        #expect(pair.clientEvents.content(on: id).count == 15_000)
        #expect(pair.clientEvents.headers.last?.1.fields == Loopback.trailers)
    }

    @Test func `with an initial window of 0 the response waits, and WINDOW_UPDATE lets it go`() throws {
        let server = try HTTP2Session(role: .server)
        var wire = RawClient()
        wire.preface(settings: [(4, 0)])
        wire.request(stream: 1, endStream: true)
        try server.receive(wire.take())
        let id = StreamID(rawValue: 1)
        server.submitResponse(Loopback.response, on: id, endStream: false)
        server.send(ByteBuffer(string: "answer"), on: id)
        server.finish(id, trailers: Loopback.trailers)
        var output = ByteBuffer()
        _ = try server.drain(into: &output)
        #expect(frameTypes(output).filter { $0 <= 1 } == [1])
        wire.frame(type: 8, flags: 0, stream: 1, payload: [0, 0, 0, 100])
        try server.receive(wire.take())
        output.clear()
        _ = try server.drain(into: &output)
        #expect(frameTypes(output).filter { $0 <= 1 } == [0, 1])
    }

    @Test func `a change of the initial window reaches open streams`() throws {
        let server = try HTTP2Session(role: .server)
        var wire = RawClient()
        wire.preface(settings: [(4, 10)])
        wire.request(stream: 1, endStream: true)
        try server.receive(wire.take())
        let id = StreamID(rawValue: 1)
        server.submitResponse(Loopback.response, on: id, endStream: false)
        server.send(ByteBuffer(repeating: 1, count: 25), on: id)
        server.finish(id, trailers: Loopback.trailers)
        var output = ByteBuffer()
        _ = try server.drain(into: &output)
        let before = server.pendingBytes(on: id)
        #expect(before == 15)
        wire.settings([(4, 20)])
        try server.receive(wire.take())
        _ = try server.drain(into: &output)
        let between = server.pendingBytes(on: id)
        #expect(between == 5)
        wire.settings([(4, 1000)])
        try server.receive(wire.take())
        output.clear()
        _ = try server.drain(into: &output)
        #expect(frameTypes(output).filter { $0 <= 1 } == [0, 1])
    }

    @Test func `bytes of reset streams go back to the connection's window`() throws {
        let pair = try Loopback(server: small(40_000))
        try pair.pump()
        for _ in 0..<20 {
            let id = try pair.client.submitRequest(Loopback.request, endStream: false)
            pair.client.send(ByteBuffer(repeating: 1, count: 40_000), on: id)
            try pair.pump()
            #expect(pair.serverEvents.content(on: id).count == 40_000)
            pair.client.reset(id, .cancel)
            try pair.pump()
            // Consuming after the close must not give the bytes back twice.
            pair.server.consume(40_000, on: id)
            try pair.pump()
        }
    }

    @Test func `a stream over the high-water mark is congested until it drained`() throws {
        let pair = try Loopback()
        let id = try pair.client.submitRequest(Loopback.request, endStream: true)
        try pair.pump()
        pair.server.submitResponse(Loopback.response, on: id, endStream: false)
        pair.server.send(ByteBuffer(repeating: 3, count: 60_000), on: id)
        let calm = !pair.server.isCongested(id)
        #expect(calm)
        pair.server.send(ByteBuffer(repeating: 3, count: 60_000), on: id)
        let congested = pair.server.isCongested(id)
        #expect(congested && pair.serverPendingBytes == 120_000)
        try pair.pump()
        let relieved = !pair.server.isCongested(id)
        #expect(relieved && pair.serverPendingBytes == 0)
        let drained = pair.serverEvents.filter { if case .drained(id) = $0 { true } else { false } }
        #expect(drained.count == 1)
    }

    @Test func `draining stops at the limit and resumes where it stopped`() throws {
        let pair = try Loopback()
        let id = try pair.client.submitRequest(Loopback.request, endStream: true)
        try pair.pump()
        pair.server.submitResponse(Loopback.response, on: id, endStream: false)
        pair.server.send(ByteBuffer(repeating: 9, count: 60_000), on: id)
        pair.server.finish(id, trailers: Loopback.trailers)
        var rounds = 0
        var more = true
        while more {
            var output = ByteBuffer()
            more = try pair.server.drain(into: &output, limit: 1000)
            #expect(output.readableBytes <= 1000 + 16_384 + 9)
            try pair.client.receive(output)
            rounds += 1
        }
        try pair.pump()
        #expect(rounds > 3)
        #expect(pair.clientEvents.content(on: id).count == 60_000)
    }
}
