import HTTP2
import NIOCore
import Testing

struct StreamEndTests {
    @Test func `a reset reaches the peer with its code, and both sides close`() throws {
        let pair = try Loopback()
        let id = try pair.client.submitRequest(Loopback.request, endStream: false)
        try pair.pump()
        pair.client.reset(id, .cancel)
        try pair.pump()
        #expect(
            pair.serverEvents.contains { if case .reset(id, .cancel) = $0 { true } else { false } })
        #expect(pair.serverEvents.closed == [id: .cancel])
        #expect(pair.clientEvents.closed == [id: .cancel])
    }

    @Test func `work on a stream that is gone is refused quietly`() throws {
        let pair = try Loopback()
        let id = try pair.client.submitRequest(Loopback.request, endStream: true)
        try pair.pump()
        pair.client.reset(id, .cancel)
        try pair.pump()
        let answered = pair.server.submitResponse(Loopback.response, on: id, endStream: false)
        let sent = pair.server.send(ByteBuffer(string: "late"), on: id)
        let finished = pair.server.finish(id, trailers: Loopback.trailers)
        #expect(!answered && !sent && !finished)
        #expect(pair.serverPendingBytes == 0)
        try pair.pump()
    }

    @Test func `answering before the request ended resets it with NO_ERROR and frees the stream`() throws {
        let pair = try Loopback()
        let id = try pair.client.submitRequest(Loopback.request, endStream: false)
        try pair.pump()
        pair.server.submitResponse(Loopback.response, on: id, endStream: false)
        pair.server.send(ByteBuffer(string: "early"), on: id)
        pair.server.finish(id, trailers: Loopback.trailers)
        try pair.pump()
        #expect(pair.clientEvents.content(on: id) == Array("early".utf8))
        #expect(pair.clientEvents.headers.map(\.1.kind) == [.response, .trailers])
        #expect(pair.clientEvents.closed == [id: .noError])
        #expect(pair.serverStreams == 0)
    }

    @Test func `two hundred early answers leave room for more`() throws {
        var configuration = HTTP2Configuration()
        configuration.maxConcurrentStreams = 10
        let pair = try Loopback(server: configuration)
        try pair.pump()
        for _ in 0..<200 {
            let id = try pair.client.submitRequest(Loopback.request, endStream: false)
            try pair.pump()
            pair.server.submitResponse(Loopback.response + Loopback.trailers, on: id, endStream: true)
            try pair.pump()
        }
        #expect(pair.clientEvents.closed.count == 200)
        #expect(pair.serverEvents.flood == nil)
    }

    @Test func `a graceful shutdown serves streams opened between the two GOAWAYs`() throws {
        let pair = try Loopback()
        let first = try pair.client.submitRequest(Loopback.request, endStream: true)
        try pair.pump()
        // The second request crosses the announcement on the wire.
        let second = try pair.client.submitRequest(Loopback.request, endStream: true)
        var crossing = ByteBuffer()
        _ = try pair.client.drain(into: &crossing)
        pair.server.announceShutdown()
        try pair.pump()
        try pair.server.receive(crossing)
        pair.server.refuseNewStreams(debugData: "max_age")
        try pair.pump()
        #expect(pair.clientEvents.goAways.map(\.0) == [StreamID(rawValue: .max), second])
        #expect(pair.clientEvents.goAways.last?.2 == "max_age")
        #expect(!pair.serverIsFinished)
        for id in [first, second] {
            pair.server.submitResponse(Loopback.response + Loopback.trailers, on: id, endStream: true)
        }
        try pair.pump()
        #expect(pair.clientEvents.closed == [first: .noError, second: .noError])
        #expect(pair.serverIsFinished)
    }

    @Test func `without streams, too, a shutdown ends only with the second GOAWAY`() throws {
        let pair = try Loopback()
        try pair.pump()
        pair.server.announceShutdown()
        try pair.pump()
        #expect(!pair.serverIsFinished)
        pair.server.refuseNewStreams()
        try pair.pump()
        // A client without streams has read enough after the first GOAWAY.
        #expect(pair.clientEvents.goAways.map(\.0.rawValue) == [.max])
        #expect(pair.serverIsFinished)
    }

    @Test func `a request after GOAWAY is told to be refused`() throws {
        let pair = try Loopback()
        try pair.pump()
        pair.server.refuseNewStreams()
        try pair.pump()
        do {
            let id = try pair.client.submitRequest(Loopback.request, endStream: true)
            try pair.pump()
            #expect(pair.clientEvents.closed[id] == .refusedStream)
        } catch {
            #expect(error as? HTTP2Error == .streamNotAllowed)
        }
        #expect(pair.clientStreams == 0)
    }

    @Test func `terminating is final`() throws {
        let pair = try Loopback()
        _ = try pair.client.submitRequest(Loopback.request, endStream: true)
        try pair.pump()
        pair.server.terminate(.enhanceYourCalm, debugData: "too_many_pings")
        try pair.pump()
        #expect(pair.clientEvents.goAways.first?.1 == .enhanceYourCalm)
        #expect(pair.clientEvents.goAways.first?.2 == "too_many_pings")
        #expect(pair.serverIsFinished)
    }

    @Test func `a session with open streams and queued content dies without leaking them`() throws {
        weak var kept: Tracker?
        do {
            let pair = try Loopback()
            for _ in 0..<20 {
                let id = try pair.client.submitRequest(Loopback.request, endStream: false)
                pair.client.send(ByteBuffer(repeating: 1, count: 100_000), on: id)
            }
            try pair.pump()
            let tracker = Tracker(pair)
            kept = tracker
            #expect(kept != nil)
        }
        #expect(kept == nil)
    }

    private final class Tracker {
        let pair: Loopback
        init(_ pair: Loopback) { self.pair = pair }
    }
}
