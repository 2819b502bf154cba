import HTTP2
import NIOCore
import TestSupport
import Testing

/// Damaged input: whatever comes, a session answers, throws, or ignores, and its books stay in order.
struct MutationTests {
    /// What a client says in a small, whole conversation.
    private func conversation() throws -> [UInt8] {
        let pair = try Loopback()
        for call in 0..<4 {
            let id = try pair.client.submitRequest(Loopback.request, endStream: false)
            pair.client.send(ByteBuffer(repeating: UInt8(call), count: 50 * call), on: id)
            pair.client.finish(id, trailers: call == 2 ? Loopback.trailers : nil)
            pair.client.ping(UInt64(call))
            try pair.pump()
        }
        return pair.bytesToServer
    }

    @Test func `damaged conversations leave no bytes and streams unaccounted for`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix64(seed: seed)
        let whole = try conversation()
        for _ in 0..<1000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                // The preface is left whole, or nearly nothing else would be tested.
                let place = Int.random(in: 24..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
                }
            }
            try answer(bytes, seed: seed)
        }
    }

    private func answer(_ bytes: [UInt8], seed: UInt64) throws {
        let server = try HTTP2Session(role: .server)
        var output = ByteBuffer()
        var open: Set<StreamID> = []
        var opened: Set<StreamID> = []
        do throws(HTTP2Error) {
            try server.receive(ByteBuffer(bytes: bytes))
            while let event = server.nextEvent() {
                switch event {
                case .headers(let id, let block) where block.kind == .request:
                    #expect(opened.insert(id).inserted, "\(id) opened twice, seed \(seed)")
                    open.insert(id)
                    server.submitResponse(Loopback.response, on: id, endStream: false)
                    server.send(ByteBuffer(string: "answer"), on: id)
                    server.finish(id, trailers: Loopback.trailers)
                case .closed(let id, _): open.remove(id)
                default: break
                }
            }
            _ = try server.drain(into: &output)
            while let event = server.nextEvent() {
                if case .closed(let id, _) = event { open.remove(id) }
            }
        } catch {
            return  // the session is dead, and says so
        }
        let streams = server.openStreamCount
        let pending = server.pendingBytes
        #expect(streams >= open.count, "seed \(seed)")
        #expect(pending >= 0 && (streams > 0 || pending == 0), "seed \(seed)")
    }
}
