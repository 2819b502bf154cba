import GRPC
import HTTP2
import NIOCore
import Testing

/// The life of a connection: beginning, abuse, draining.
struct ConnectionTests {
    private func goAways(_ peer: TestPeer) -> [(last: Int32, code: HTTP2ErrorCode, debugData: String)] {
        peer.events.compactMap { event in
            if case .goAway(let last, let code, let debug) = event {
                (last.rawValue, code, debug)
            } else {
                nil
            }
        }
    }

    /// Echo that answers when the witness has passed.
    private func gated(_ gate: CallEndTests.Witness) -> MethodTable {
        var table = MethodTable.echo
        table.register(
            MethodTable.name("Gated"),
            unary: { request, _ in
                try await gate.wait { $0.passed == 1 }
                return request
            })
        return table
    }

    @Test func `draining finishes calls in flight, then closes`() async throws {
        let gate = CallEndTests.Witness()
        try await withServer(gated(gate)) { port, server in
            let peer = try await TestPeer(port: port)
            let id = try peer.open("/echo.Echo/Gated")
            peer.session.send(framed("kept"), on: id)
            peer.session.finish(id)
            try await peer.run { events in events.contains { if case .settings = $0 { true } else { false } }
            }
            async let drained: Void = server.drain(grace: .seconds(5))
            try await peer.run { _ in goAways(peer).count == 2 }
            #expect(goAways(peer).map(\.last) == [.max, id.rawValue])
            gate.pass()
            try await peer.run { _ in false }
            await drained
            #expect(peer.received(on: id).grpcStatus == .ok)
            #expect(goAways(peer).allSatisfy { $0.code == .noError })
            #expect(peer.isClosed && server.connectionCount == 0)
            await #expect(throws: (any Error).self) { _ = try await TestPeer(port: port) }
        }
    }

    @Test func `a call opened between the two GOAWAYs is served`() async throws {
        try await withServer { port, server in
            let peer = try await TestPeer(port: port)
            _ = try await peer.call("/echo.Echo/Unary")
            async let drained: Void = server.drain(grace: .seconds(5))
            // This side has not read the first GOAWAY when it sends, since reading happens in `run` alone.
            try await Task.sleep(for: .milliseconds(50))
            let id = try peer.open("/echo.Echo/Unary")
            peer.session.send(framed("late"), on: id)
            peer.session.finish(id)
            try await peer.flush()
            try await peer.run { _ in false }
            await drained
            #expect(peer.received(on: id).grpcStatus == .ok)
        }
    }

    @Test func `what is left when grace is over is cancelled with UNAVAILABLE`() async throws {
        let witness = CallEndTests.Witness()
        var methods = MethodTable()
        methods.register(
            MethodTable.name("Sleep"),
            unary: { request, _ in
                try await witness.sleep()
                return request
            })
        try await withServer(methods) { port, server in
            let peer = try await TestPeer(port: port)
            let id = try peer.open("/echo.Echo/Sleep")
            peer.session.send(framed(""), on: id)
            peer.session.finish(id)
            try await peer.flush()
            try await witness.wait { $0.started == 1 }
            async let drained: Void = server.drain(grace: .milliseconds(100))
            try await peer.run { _ in false }
            await drained
            #expect(peer.received(on: id).grpcStatus == .unavailable)
            #expect(witness.cancelled == 1)
        }
    }

    @Test func `an idle connection drains at once`() async throws {
        try await withServer { port, server in
            let peer = try await TestPeer(port: port)
            _ = try await peer.call("/echo.Echo/Unary")
            let start = ContinuousClock.now
            async let drained: Void = server.drain(grace: .seconds(30))
            try await peer.run { _ in false }
            await peer.close()
            await drained
            #expect(ContinuousClock.now - start < .seconds(2))
        }
    }

    @Test func `too many PINGs end the connection, answers between them forgive`() async throws {
        try await withServer { port, _ in
            let peer = try await TestPeer(port: port)
            func ping(_ payload: UInt64) async throws {
                peer.session.ping(payload)
                try await peer.run { events in
                    events.contains { if case .pingAcknowledged(payload) = $0 { true } else { false } }
                }
            }
            for payload in 1...20 {
                _ = try await peer.call("/echo.Echo/Unary")
                try await ping(UInt64(payload))
            }
            #expect(goAways(peer).isEmpty)
            for payload in 100...102 where !peer.isClosed { try await ping(UInt64(payload)) }
            try await peer.run { _ in !goAways(peer).isEmpty }
            #expect(goAways(peer).first?.code == .enhanceYourCalm)
            #expect(goAways(peer).first?.debugData == "too_many_pings")
        }
    }

    @Test func `rapid reset ends the connection`() async throws {
        try await withServer { port, _ in
            let peer = try await TestPeer(port: port)
            for _ in 0..<400 where !peer.isClosed {
                let id = try peer.open("/echo.Echo/Unary")
                try await peer.flush()
                peer.session.reset(id, .cancel)
                try await peer.flush()
            }
            try await peer.run { _ in !goAways(peer).isEmpty }
            #expect(goAways(peer).first?.code == .enhanceYourCalm || peer.isClosed)
        }
    }

    @Test func `a connection that says nothing is closed`() async throws {
        try await withServer {
            $0.handshakeTimeout = .milliseconds(100)
        } _: { port, _ in
            let peer = try await TestPeer(port: port)
            await peer.write(ByteBuffer(string: "PRI * HTTP/2.0\r\n"))
            while !peer.isClosed { try await peer.run { _ in false } }
        }
    }

    @Test func `a connection without calls is drained after its time`() async throws {
        try await withServer {
            $0.maxConnectionIdle = .milliseconds(500)  // the call comes within it on a slow machine too
        } _: { port, _ in
            let peer = try await TestPeer(port: port)
            #expect(try await peer.call("/echo.Echo/Unary").grpcStatus == .ok)
            try await peer.run { _ in false }
            #expect(goAways(peer).map(\.code) == [.noError] && peer.isClosed)
        }
    }

    @Test func `a message left unfinished costs its call, not the connection`() async throws {
        try await withServer {
            $0.receiveStallTimeout = .milliseconds(100)
        } _: { port, _ in
            let peer = try await TestPeer(port: port)
            let id = try peer.open("/echo.Echo/Unary")
            peer.session.send(ByteBuffer(bytes: [0, 0, 0]), on: id)
            #expect(try await peer.answer(to: id).grpcStatus == .cancelled)
            #expect(try await peer.call("/echo.Echo/Unary").grpcStatus == .ok)
        }
    }

    @Test func `a response that is not taken costs its call, not the connection`() async throws {
        try await withServer {
            $0.sendStallTimeout = .milliseconds(500)
        } _: { port, _ in
            var configuration = HTTP2Configuration()
            configuration.streamWindowBytes = 1000
            let peer = try await TestPeer(port: port, configuration: configuration)
            let stalled = try await peer.call(
                "/echo.Echo/Unary", body: framed(String(repeating: "x", count: 2000)))
            #expect(stalled.reset == .cancel && stalled.content.count == 1000)
            #expect(try await peer.call("/echo.Echo/Unary").grpcStatus == .ok)
        }
    }

    @Test func `unfinished requests are bounded for the whole connection`() async throws {
        try await withServer {
            $0.maxBufferedRequestBytes = 50_000
        } _: { port, _ in
            let peer = try await TestPeer(port: port)
            let unfinished = MessageFraming.framed(ByteBuffer(repeating: 1, count: 30_000)).getSlice(
                at: 0, length: 29_000)
            let first = try peer.open("/echo.Echo/Unary")
            peer.session.send(unfinished ?? ByteBuffer(), on: first)
            try await peer.flush()
            let second = try peer.open("/echo.Echo/Unary")
            peer.session.send(unfinished ?? ByteBuffer(), on: second)
            #expect(try await peer.answer(to: second).grpcStatus == .resourceExhausted)
            peer.session.send(ByteBuffer(repeating: 1, count: 1005), on: first)
            peer.session.finish(first)
            #expect(try await peer.answer(to: first).grpcStatus == .ok)
        }
    }

    @Test func `connections beyond the limit are closed on arrival`() async throws {
        try await withServer {
            $0.maxConnections = 1
        } _: { port, _ in
            let first = try await TestPeer(port: port)
            _ = try await first.call("/echo.Echo/Unary")
            let second = try await TestPeer(port: port)
            do { try await second.run { _ in false } } catch {}
            #expect(second.received(on: StreamID(rawValue: 1)).blocks.isEmpty)
            #expect(try await first.call("/echo.Echo/Unary").grpcStatus == .ok)
        }
    }

    @Test func `a large response passes a small socket buffer and window`() async throws {
        try await withServer { port, _ in
            let peer = try await TestPeer(port: port)
            let id = try peer.open("/echo.Echo/Unary")
            let message = MessageFraming.framed(ByteBuffer(repeating: 7, count: 3_900_000))
            peer.session.send(message, on: id)
            peer.session.finish(id)
            var consumed = 0
            try await peer.run { _ in
                let received = peer.contentBytes[id] ?? 0
                peer.session.consume(received - consumed, on: id)
                consumed = received
                return peer.closed.contains(id)
            }
            #expect(consumed == 3_900_005)
        }
    }
}
