import GRPC
import HTTP2
import NIOCore
import Synchronization
import Testing

/// Deadlines, cancellation and flow control, seen from the handler.
struct CallEndTests {
    /// Counts what handlers lived through, and lets a test wait for it.
    final class Witness: Sendable {
        private let counts = Mutex((started: 0, cancelled: 0, passed: 0))
        var started: Int { counts.withLock { $0.started } }
        var cancelled: Int { counts.withLock { $0.cancelled } }
        var passed: Int { counts.withLock { $0.passed } }

        /// Starts, and ends when the task is cancelled, or after a time no test waits for.
        func sleep() async throws {
            counts.withLock { $0.started += 1 }
            do {
                try await Task.sleep(for: .seconds(60))
            } catch {
                counts.withLock { $0.cancelled += 1 }
                throw error
            }
        }

        func pass() { counts.withLock { $0.passed += 1 } }

        func wait(_ condition: (Witness) -> Bool) async throws {
            let end = ContinuousClock.now + .seconds(5)
            while !condition(self) {
                try #require(ContinuousClock.now < end, "waited in vain")
                try await Task.sleep(for: .milliseconds(2))
            }
        }
    }

    private func sleeper(_ witness: Witness) -> MethodTable {
        var table = MethodTable.echo
        table.register(
            MethodTable.name("Sleep"),
            unary: { request, _ in
                try await witness.sleep()
                return request
            })
        table.register(
            MethodTable.name("SleepAfterOne"),
            bidirectional: { requests, _, writer in
                try await writer.write(ByteBuffer(string: "one"))
                try await witness.sleep()
            })
        table.register(
            MethodTable.name("Wait"),
            clientStreaming: { requests, _ in
                do {
                    for try await _ in requests { witness.pass() }
                } catch {
                    try await witness.sleep()
                }
                return ByteBuffer()
            })
        table.register(
            MethodTable.name("Flood"),
            serverStreaming: { _, _, writer in
                for _ in 0..<1000 {
                    try await writer.write(ByteBuffer(repeating: 1, count: 10_000))
                    witness.pass()
                }
            })
        return table
    }

    @Test func `an expired deadline is DEADLINE_EXCEEDED and the handler never runs`() async throws {
        let witness = Witness()
        try await withServer(sleeper(witness)) { port, _ in
            let peer = try await TestPeer(port: port)
            let answer = try await peer.call("/echo.Echo/Sleep", [("grpc-timeout", "0S")])
            #expect(answer.grpcStatus == .deadlineExceeded && answer.isTrailersOnly)
            #expect(witness.started == 0)
        }
    }

    @Test func `a deadline that passes cancels the handler and answers DEADLINE_EXCEEDED`() async throws {
        let witness = Witness()
        try await withServer(sleeper(witness)) { port, _ in
            let peer = try await TestPeer(port: port)
            let start = ContinuousClock.now
            let answer = try await peer.call("/echo.Echo/Sleep", [("grpc-timeout", "300m")])
            #expect(answer.grpcStatus == .deadlineExceeded)
            #expect(ContinuousClock.now - start >= .milliseconds(299))
            try await witness.wait { $0.cancelled == 1 }
        }
    }

    @Test func `an earlier deadline is kept beside later ones`() async throws {
        let witness = Witness()
        try await withServer(sleeper(witness)) { port, _ in
            let peer = try await TestPeer(port: port)
            var ids: [StreamID] = []
            for timeout in ["900m", "300m", "600m", "100m"] {
                let id = try peer.open("/echo.Echo/Sleep", [("grpc-timeout", timeout)])
                peer.session.send(framed(""), on: id)
                peer.session.finish(id)
                ids.append(id)
            }
            for id in ids { _ = try await peer.answer(to: id) }
            let order = peer.events.compactMap { event -> StreamID? in
                if case .closed(let id, _) = event { id } else { nil }
            }
            #expect(order == [ids[3], ids[1], ids[2], ids[0]])
        }
    }

    @Test(arguments: ["Sleep", "Wait", "SleepAfterOne"])
    func `a reset cancels the handler`(method: String) async throws {
        let witness = Witness()
        try await withServer(sleeper(witness)) { port, _ in
            let peer = try await TestPeer(port: port)
            let id = try peer.open("/echo.Echo/\(method)")
            peer.session.send(framed("x"), on: id)
            if method == "Sleep" { peer.session.finish(id) }
            try await peer.flush()
            try await witness.wait { $0.started == 1 || $0.passed == 1 }
            peer.session.reset(id, .cancel)
            try await peer.flush()
            try await witness.wait { $0.cancelled == 1 }
            let after = try await peer.call("/echo.Echo/Unary")
            #expect(after.grpcStatus == .ok)
        }
    }

    @Test func `a lost connection cancels all its handlers`() async throws {
        let witness = Witness()
        try await withServer(sleeper(witness)) { port, server in
            let peer = try await TestPeer(port: port)
            for _ in 0..<10 {
                let id = try peer.open("/echo.Echo/Sleep")
                peer.session.send(framed("x"), on: id)
                peer.session.finish(id)
            }
            try await peer.flush()
            try await witness.wait { $0.started == 10 }
            await peer.close()
            try await witness.wait { $0.cancelled == 10 }
            try await witness.wait { _ in server.connectionCount == 0 }
        }
    }

    @Test func `a client that does not read stops the handler's writes`() async throws {
        let witness = Witness()
        try await withServer(sleeper(witness)) { port, _ in
            var configuration = HTTP2Configuration()
            configuration.streamWindowBytes = 65_535
            let peer = try await TestPeer(port: port, configuration: configuration)
            let id = try peer.open("/echo.Echo/Flood")
            peer.session.send(framed(""), on: id)
            peer.session.finish(id)
            try await peer.run { _ in peer.contentBytes[id] == 65_535 }
            try await witness.wait { $0.passed >= 6 }
            try await Task.sleep(for: .milliseconds(100))
            #expect(witness.passed < 30)
            // Reading goes on: so do the writes, and all arrives.
            var consumed = 0
            try await peer.run { _ in
                let received = peer.contentBytes[id] ?? 0
                peer.session.consume(received - consumed, on: id)
                consumed = received
                return peer.closed.contains(id)
            }
            #expect(consumed == 1000 * 10_005 && witness.passed == 1000)
        }
    }

    @Test func `a handler that does not read keeps the client's window closed`() async throws {
        let witness = Witness()
        var methods = MethodTable()
        methods.register(
            MethodTable.name("Deaf"),
            clientStreaming: { requests, _ in
                var iterator = requests.makeAsyncIterator()
                _ = try await iterator.next()
                try await witness.wait { $0.passed == 1 }
                while try await iterator.next() != nil {}
                return ByteBuffer()
            })
        try await withServer(methods) {
            $0.http2.streamWindowBytes = 100_000
        } _: { port, _ in
            let peer = try await TestPeer(port: port)
            try await peer.run { events in events.contains { if case .settings = $0 { true } else { false } }
            }
            let id = try peer.open("/echo.Echo/Deaf")
            for _ in 0..<50 {
                peer.session.send(MessageFraming.framed(ByteBuffer(repeating: 1, count: 9_995)), on: id)
            }
            peer.session.finish(id)
            peer.session.ping(1)
            try await peer.run { events in
                events.contains { if case .pingAcknowledged(1) = $0 { true } else { false } }
            }
            let held = peer.session.pendingBytes(on: id)
            #expect(held >= 350_000 && held <= 400_000)
            witness.pass()
            #expect(try await peer.answer(to: id).grpcStatus == .ok)
        }
    }

    @Test func `calls over the cap of running handlers are refused unseen`() async throws {
        let witness = Witness()
        try await withServer(sleeper(witness)) {
            $0.maxRunningHandlers = 3
        } _: { port, _ in
            let peer = try await TestPeer(port: port)
            var ids: [StreamID] = []
            for _ in 0..<4 {
                let id = try peer.open("/echo.Echo/Wait")
                ids.append(id)
            }
            let answer = try await peer.answer(to: ids[3])
            #expect(answer.reset == .refusedStream && answer.blocks.isEmpty)
        }
    }

    @Test func `cancelled calls that still run count to the cap`() async throws {
        let gate = Witness()
        var methods = MethodTable.echo
        methods.register(
            MethodTable.name("Stubborn"),
            unary: { request, _ in
                // Deaf to cancellation.
                while gate.passed == 0 { await Task.yield() }
                return request
            })
        try await withServer(methods) {
            $0.maxRunningHandlers = 1
        } _: { port, _ in
            let peer = try await TestPeer(port: port)
            let id = try peer.open("/echo.Echo/Stubborn")
            peer.session.send(framed(""), on: id)
            peer.session.finish(id)
            try await peer.flush()
            peer.session.reset(id, .cancel)
            let refused = try await peer.call("/echo.Echo/Unary")
            #expect(refused.reset == .refusedStream)
            gate.pass()
            var answer = try await peer.call("/echo.Echo/Unary")
            while answer.reset == .refusedStream { answer = try await peer.call("/echo.Echo/Unary") }
            #expect(answer.grpcStatus == .ok)
        }
    }
}
