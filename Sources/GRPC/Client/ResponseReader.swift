import HTTP2
import NIOCore

/// Reads the response side of one stream. Pure: events in, messages and the end out.
struct ResponseReader {
    /// How the server ended the call.
    struct End {
        let status: Status
        let trailers: Metadata
    }

    /// The metadata of the response's header block.
    private(set) var metadata = Metadata()
    /// The server has begun to answer: it has seen the call.
    private(set) var hasBegun = false
    private var deframer: MessageDeframer

    init(maximumMessageLength: Int) {
        deframer = MessageDeframer(maximumMessageLength: maximumMessageLength)
    }

    /// Takes a header block. Returns the end of the call if it is that. Throws when this is no gRPC response.
    mutating func receive(_ block: HeaderBlock) throws(RPCError) -> End? {
        hasBegun = true
        guard !block.isOversized else {
            throw RPCError(code: .resourceExhausted, message: "the response's header list is too large")
        }
        if case .response = block.kind {
            try checkHTTP(block)
            if !block.endStream {
                metadata = try ResponseReader.metadata(of: block)
                return nil
            }
        }
        guard block.endStream else {
            throw RPCError(code: .internal, message: "header fields in the middle of the response")
        }
        return try end(block)
    }

    /// Takes content and returns the messages that are complete now.
    mutating func receive(_ content: ByteBuffer) throws(RPCError) -> [ByteBuffer] {
        deframer.append(content)
        var messages: [ByteBuffer] = []
        while let message = try deframer.next() {
            guard !message.compressed else {
                throw RPCError(code: .internal, message: "a compressed message, which was not asked for")
            }
            messages.append(message.payload)
        }
        return messages
    }

    /// What a stream that ended without trailers means.
    func error(closedWith code: HTTP2ErrorCode) -> RPCError {
        code == .noError
            ? RPCError(code: .internal, message: "the response ended without grpc-status")
            : RPCError(code: StatusCode(code), message: "the server closed the stream with \(code)")
    }

    private func checkHTTP(_ block: HeaderBlock) throws(RPCError) {
        let status = block.first(":status") ?? ""
        guard status == "200" else {
            // A grpc-status beside it says more than HTTP can.
            guard block.endStream, block.first("grpc-status") != nil else {
                throw RPCError(code: StatusCode(httpStatus: status), message: "HTTP status \(status)")
            }
            return
        }
        let type = block.first("content-type") ?? ""
        guard type.hasPrefix("application/grpc") else {
            throw RPCError(code: .unknown, message: "content-type \"\(type)\" is not gRPC")
        }
    }

    private func end(_ block: HeaderBlock) throws(RPCError) -> End {
        guard let code = block.first("grpc-status") else {
            throw RPCError(code: .unknown, message: "the response ended without grpc-status")
        }
        let status = Status(
            code: StatusCode(wireValue: code),
            message: PercentEncoding.decode(block.first("grpc-message") ?? ""))
        guard status.code != .ok || !deframer.isInsideMessage else {
            throw RPCError(code: .internal, message: "the response ended inside a message")
        }
        return End(status: status, trailers: try ResponseReader.metadata(of: block))
    }

    private static func metadata(of block: HeaderBlock) throws(RPCError) -> Metadata {
        var metadata = Metadata()
        for field in block.fields where !Metadata.isReserved(field.name) {
            try metadata.append(wireName: field.name, wireValue: field.value)
        }
        return metadata
    }
}
