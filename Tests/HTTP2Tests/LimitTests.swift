import HTTP2
import NIOCore
import Testing

/// Each test is a peer that keeps to the frame layout and breaks a limit.
struct LimitTests {
    /// A server that has seen the preface, and what it says to further frames.
    private func flood(
        configuration: HTTP2Configuration = HTTP2Configuration(), _ write: (inout RawClient) -> Void
    ) throws -> (flood: FloodGuard.Kind?, events: [HTTP2Event], finished: Bool, output: ByteBuffer) {
        let server = try HTTP2Session(role: .server, configuration: configuration)
        var wire = RawClient()
        wire.preface()
        wire.frame(type: 4, flags: 1, stream: 0, payload: [])
        write(&wire)
        try server.receive(wire.take())
        var output = ByteBuffer()
        _ = try server.drain(into: &output)
        var events: [HTTP2Event] = []
        while let event = server.nextEvent() { events.append(event) }
        return (events.flood, events, server.isFinished, output)
    }

    @Test func `rapid reset ends the connection`() throws {
        let result = try flood { wire in
            for stream in 0..<300 {
                wire.request(stream: UInt32(2 * stream + 1), endStream: true)
                wire.frame(type: 3, flags: 0, stream: UInt32(2 * stream + 1), payload: [0, 0, 0, 8])
            }
        }
        #expect(result.flood == .resetsReceived && result.finished)
        #expect(result.events.headers.count <= 201)
        #expect(frameTypes(result.output).contains(7))
    }

    @Test func `cancelling half of very many calls is no attack`() throws {
        let pair = try Loopback()
        for call in 0..<1000 {
            let id = try pair.client.submitRequest(Loopback.request, endStream: true)
            try pair.pump()
            if call % 2 == 0 {
                pair.client.reset(id, .cancel)
            } else {
                pair.server.submitResponse(Loopback.response + Loopback.trailers, on: id, endStream: true)
            }
            try pair.pump()
        }
        #expect(pair.serverEvents.flood == nil)
    }

    @Test func `a server that refuses very many calls loses no client by it`() throws {
        let pair = try Loopback()
        for _ in 0..<500 {
            let id = try pair.client.submitRequest(Loopback.request, endStream: true)
            try pair.pump()
            pair.server.reset(id, .refusedStream)
            try pair.pump()
            #expect(pair.clientEvents.closed[id] == .refusedStream)
        }
        #expect(pair.clientEvents.flood == nil && pair.serverEvents.flood == nil)
    }

    @Test func `making the server reset its streams ends the connection`() throws {
        let result = try flood { wire in
            for stream in 0..<300 {
                let id = UInt32(2 * stream + 1)
                wire.request(stream: id, endStream: false)
                // A window beyond 2^31-1 is a stream error (RFC 9113, section 6.9.1).
                wire.frame(type: 8, flags: 0, stream: id, payload: [0x7f, 0xff, 0xff, 0xff])
            }
        }
        #expect(result.flood == .resetsInduced || result.flood == .invalidFrames)
        #expect(result.finished)
    }

    @Test func `a flood of SETTINGS ends the connection`() throws {
        let result = try flood { wire in (0..<200).forEach { _ in wire.settings() } }
        #expect(result.flood == .settings && result.finished)
    }

    @Test func `a flood of PING ends the connection`() throws {
        let result = try flood { wire in
            for _ in 0..<2000 { wire.frame(type: 6, flags: 0, stream: 0, payload: [0, 0, 0, 0, 0, 0, 0, 0]) }
        }
        #expect(result.flood == .controlFrames && result.finished)
    }

    @Test(arguments: [UInt8(2), 8, 0x42])
    func `a flood of frames without content ends the connection`(type: UInt8) throws {
        let payload: [UInt8] = type == 2 ? [0, 0, 0, 0, 1] : [0, 0, 0, 1]
        let result = try flood { wire in
            for _ in 0..<2000 {
                wire.frame(type: type, flags: 0, stream: type == 8 ? 0 : 1, payload: payload)
            }
        }
        #expect(result.flood == .controlFrames && result.finished)
    }

    @Test(arguments: [([], 0), ([3, 0, 0, 0], 8)] as [([UInt8], UInt8)])
    func `empty or padding-only DATA in a row ends the connection`(payload: [UInt8], flags: UInt8) throws {
        let result = try flood { wire in
            wire.request(stream: 1, endStream: false)
            for _ in 0..<20 { wire.frame(type: 0, flags: flags, stream: 1, payload: payload) }
        }
        #expect(result.flood == .emptyData && result.finished)
    }

    @Test func `too many CONTINUATION frames kill the session`() throws {
        #expect(throws: HTTP2Error.tooManyContinuations) {
            try flood { wire in
                wire.request(stream: 1, endStream: true, endHeaders: false)
                for _ in 0..<20 { wire.frame(type: 9, flags: 0, stream: 1, payload: []) }
            }
        }
    }

    @Test func `a header list over its limit is told as oversized and its fields dropped`() throws {
        var configuration = HTTP2Configuration()
        configuration.maxHeaderListBytes = 8192
        let result = try flood(configuration: configuration) { wire in
            wire.request(stream: 1, endStream: true, extra: [("x-big", String(repeating: "v", count: 8000))])
            wire.request(stream: 3, endStream: true, extra: [("x-big", String(repeating: "v", count: 7000))])
        }
        let blocks = result.events.headers.map(\.1)
        #expect(blocks.map(\.isOversized) == [true, false])
        #expect(blocks.first?.fields.isEmpty == true)
    }

    @Test func `too many header fields are told as oversized, and a dozen such blocks end the connection`()
        throws
    {
        let many = Array(repeating: ("x", ""), count: 130)
        let result = try flood { wire in
            for stream in 0..<12 {
                wire.request(stream: UInt32(2 * stream + 1), endStream: true, extra: many)
            }
        }
        #expect(result.events.headers.first?.1.isOversized == true)
        #expect(result.flood == .oversizedHeaders && result.finished)
    }

    @Test func `header values that are not UTF-8 are not an error`() throws {
        let result = try flood { wire in
            wire.request(stream: 1, endStream: true, extra: [("x-odd", "caf\u{e9}")])
        }
        #expect(result.events.headers.first?.1.first("x-odd") == "café")
    }

    @Test func `an incomplete header block is dated until it is complete`() throws {
        let server = try HTTP2Session(role: .server)
        var wire = RawClient()
        wire.preface()
        wire.request(stream: 1, endStream: true, endHeaders: false)
        let now = NIODeadline.uptimeNanoseconds(5)
        try server.receive(wire.take(), now: now)
        let since = server.headerBlockSince
        #expect(since == now)
        wire.frame(type: 9, flags: 4, stream: 1, payload: [])
        try server.receive(wire.take(), now: now)
        let after = server.headerBlockSince
        #expect(after == nil)
    }

    @Test func `more streams than allowed are refused, and a flood of them ends the connection`() throws {
        var configuration = HTTP2Configuration()
        configuration.maxConcurrentStreams = 5
        let server = try HTTP2Session(role: .server, configuration: configuration)
        var wire = RawClient()
        wire.preface()
        for stream in 0..<300 { wire.request(stream: UInt32(2 * stream + 1), endStream: false) }
        var output = ByteBuffer()
        try server.receive(wire.take())
        _ = try server.drain(into: &output)
        var events: [HTTP2Event] = []
        while let event = server.nextEvent() { events.append(event) }
        let finished = server.isFinished
        #expect(events.headers.count == 5 && finished)
    }
}
