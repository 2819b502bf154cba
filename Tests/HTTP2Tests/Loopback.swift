import HTTP2
import NIOCore

/// A client and a server session joined in memory, with the events each has told.
final class Loopback {
    let client: HTTP2Session
    let server: HTTP2Session
    var clientEvents: [HTTP2Event] = []
    var serverEvents: [HTTP2Event] = []
    var now = NIODeadline.uptimeNanoseconds(1_000_000_000)
    /// Bytes each side has been given so far.
    private(set) var bytesToServer: [UInt8] = []
    /// At most so many bytes are given to a session at once.
    var pieceBytes = Int.max

    init(
        client: HTTP2Configuration = HTTP2Configuration(), server: HTTP2Configuration = HTTP2Configuration()
    ) throws {
        self.client = try HTTP2Session(role: .client, configuration: client)
        self.server = try HTTP2Session(role: .server, configuration: server)
    }

    /// Moves bytes until both sides are silent.
    func pump() throws {
        while true {
            var toServer = ByteBuffer()
            var toClient = ByteBuffer()
            _ = try client.drain(into: &toServer, now: now)
            _ = try server.drain(into: &toClient, now: now)
            if toServer.readableBytes == 0, toClient.readableBytes == 0 { return collect() }
            bytesToServer += toServer.readableBytesView
            while let piece = toServer.readSlice(length: min(pieceBytes, toServer.readableBytes)),
                piece.readableBytes > 0
            {
                try server.receive(piece, now: now)
                collect()
            }
            while let piece = toClient.readSlice(length: min(pieceBytes, toClient.readableBytes)),
                piece.readableBytes > 0
            {
                try client.receive(piece, now: now)
                collect()
            }
        }
    }

    var serverIsFinished: Bool { server.isFinished }
    var serverStreams: Int { server.openStreamCount }
    var clientStreams: Int { client.openStreamCount }
    var serverPendingBytes: Int { server.pendingBytes }

    private func collect() {
        while let event = client.nextEvent() { clientEvents.append(event) }
        while let event = server.nextEvent() { serverEvents.append(event) }
    }

    static let request = [
        HeaderField(":method", "POST"), HeaderField(":scheme", "http"), HeaderField(":path", "/pkg.Svc/M"),
        HeaderField(":authority", "localhost"), HeaderField("content-type", "application/grpc"),
    ]
    static let response = [HeaderField(":status", "200"), HeaderField("content-type", "application/grpc")]
    static let trailers = [HeaderField("grpc-status", "0")]
}

/// Views of a list of events, for short expectations.
extension [HTTP2Event] {
    var headers: [(StreamID, HeaderBlock)] {
        compactMap { if case .headers(let id, let block) = $0 { (id, block) } else { nil } }
    }

    func content(on id: StreamID) -> [UInt8] {
        var content: [UInt8] = []
        for case .data(id, let bytes, _) in self { content += [UInt8](bytes.readableBytesView) }
        return content
    }

    func ended(_ id: StreamID) -> Bool {
        contains { event in
            switch event {
            case .data(id, _, endStream: true): true
            case .headers(id, let block): block.endStream
            default: false
            }
        }
    }

    var closed: [StreamID: HTTP2ErrorCode] {
        var closed: [StreamID: HTTP2ErrorCode] = [:]
        for case .closed(let id, let code) in self { closed[id] = code }
        return closed
    }

    var flood: FloodGuard.Kind? {
        for case .flooded(let kind) in self { return kind }
        return nil
    }

    var goAways: [(StreamID, HTTP2ErrorCode, String)] {
        compactMap { event in
            if case .goAway(let last, let code, let debug) = event { (last, code, debug) } else { nil }
        }
    }
}
