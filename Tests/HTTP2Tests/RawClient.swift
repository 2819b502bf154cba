import NIOCore

/// Writes frames by hand (RFC 9113, section 4.1), to say what no well-behaved client says.
struct RawClient {
    private var bytes = ByteBuffer()

    mutating func take() -> ByteBuffer {
        defer { bytes = ByteBuffer() }
        return bytes
    }

    mutating func preface(settings: [(UInt16, UInt32)] = []) {
        bytes.writeString("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        self.settings(settings)
    }

    mutating func settings(_ entries: [(UInt16, UInt32)] = []) {
        var payload = ByteBuffer()
        for (id, value) in entries { payload.writeMultipleIntegers(id, value) }
        frame(type: 4, flags: 0, stream: 0, payload: Array(payload.readableBytesView))
    }

    mutating func frame(type: UInt8, flags: UInt8, stream: UInt32, payload: [UInt8]) {
        bytes.writeInteger(UInt8(payload.count >> 16))
        bytes.writeInteger(UInt16(payload.count & 0xffff))
        bytes.writeMultipleIntegers(type, flags, stream)
        bytes.writeBytes(payload)
    }

    /// HEADERS of a gRPC request in HPACK literals without indexing, with `extra` fields behind.
    mutating func request(
        stream: UInt32, endStream: Bool, endHeaders: Bool = true, extra: [(String, String)] = []
    ) {
        let fields = [
            (":method", "POST"), (":scheme", "http"), (":path", "/pkg.Svc/M"), (":authority", "a"),
            ("content-type", "application/grpc"),
        ]
        var payload: [UInt8] = []
        for (name, value) in fields + extra {
            payload += [0] + literal(name) + literal(value)
        }
        frame(type: 1, flags: (endHeaders ? 4 : 0) | (endStream ? 1 : 0), stream: stream, payload: payload)
    }

    /// An HPACK string without Huffman coding (RFC 7541, sections 5.1 and 5.2).
    private func literal(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard bytes.count >= 127 else { return [UInt8(bytes.count)] + bytes }
        var length = bytes.count - 127
        var head: [UInt8] = [127]
        while length >= 128 {
            head.append(UInt8(length & 127) | 128)
            length >>= 7
        }
        return head + [UInt8(length)] + bytes
    }
}
