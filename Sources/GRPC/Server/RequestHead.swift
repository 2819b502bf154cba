import HTTP2

/// The header block of a call, checked and taken apart.
struct RequestHead {
    /// The `:path`, `/service/method` if it is well formed.
    var path = ""
    /// `:authority`, or `host` without it.
    var authority = ""
    var timeout: GRPCTimeout?
    var encoding = MessageEncoding.identity
    var metadata = Metadata()
    /// The content-type to answer with: the client's own.
    var contentType = ResponseHead.ContentType.grpc

    /// Checks a request's header block. HTTP/2's own rules (pseudo-header fields, connection-specific fields) have
    /// been checked by the session.
    init(_ block: HeaderBlock) throws(RequestRejection) {
        guard !block.isOversized else { throw .headersTooLarge }
        var method: String?
        var contentType: String?
        var encoding: String?
        var hosts = 0
        for field in block.fields {
            switch field.name {
            case ":method": method = field.value
            case ":path": path = field.value
            case ":authority": authority = field.value
            case ":scheme", "te", "user-agent", "grpc-accept-encoding": break
            case "content-type": contentType = field.value
            case "grpc-encoding": encoding = field.value
            case "grpc-timeout":
                guard let timeout = GRPCTimeout(wireValue: field.value) else {
                    throw .malformed(
                        "grpc-timeout \"\(field.value)\" is not 1 to 8 digits and one of H M S m u n")
                }
                self.timeout = timeout
            case "host":
                hosts += 1
                if authority.isEmpty { authority = field.value }
            default:
                try add(field)
            }
        }
        guard method == "POST" else { throw .methodNotAllowed(method ?? "") }
        self.contentType = try Self.check(contentType: contentType ?? "")
        guard hosts < 2 else { throw .malformed("more than one host field") }
        if let encoding {
            guard let known = MessageEncoding(rawValue: encoding) else { throw .unknownEncoding(encoding) }
            self.encoding = known
        }
    }

    private mutating func add(_ field: HeaderField) throws(RequestRejection) {
        guard !Metadata.isReserved(field.name) else { return }
        do throws(RPCError) {
            try metadata.append(wireName: field.name, wireValue: field.value)
        } catch {
            throw .malformed(error.message)
        }
    }

    /// `application/grpc` and `application/grpc+proto`, with any parameters behind a semicolon.
    private static func check(
        contentType: String
    ) throws(RequestRejection) -> ResponseHead.ContentType {
        if contentType == ResponseHead.ContentType.grpc.rawValue { return .grpc }
        let type = contentType.prefix { $0 != ";" && $0 != " " }.lowercased()
        switch type {
        case "application/grpc": return .grpc
        case "application/grpc+proto": return .grpcProto
        default: throw .unsupportedMediaType(contentType)
        }
    }
}

/// Why a request is answered without a handler having seen it.
enum RequestRejection: Error, Equatable {
    case methodNotAllowed(String)
    case unsupportedMediaType(String)
    case malformed(String)
    case unknownEncoding(String)
    case headersTooLarge
    case unknownMethod(path: String)
    case expired

    /// The whole response: one header block that ends the stream.
    var response: [HeaderField] {
        switch self {
        case .methodNotAllowed(let method):
            ResponseHead.trailersOnly(
                Status(code: .internal, message: "method \(method): gRPC calls are POST"), httpStatus: "405")
        case .unsupportedMediaType:
            // Not a gRPC request, so not a gRPC answer: a gRPC client derives UNKNOWN from the HTTP status.
            [HeaderField(":status", "415")]
        case .malformed(let reason):
            ResponseHead.trailersOnly(Status(code: .internal, message: reason), httpStatus: "400")
        case .unknownEncoding(let encoding):
            ResponseHead.trailersOnly(
                Status(
                    code: .unimplemented,
                    message: "grpc-encoding \(encoding) is not supported, only \(MessageEncoding.accepted)"))
                + [HeaderField("grpc-accept-encoding", MessageEncoding.accepted)]
        case .headersTooLarge:
            ResponseHead.trailersOnly(
                Status(code: .resourceExhausted, message: "the header list is over the limit"))
        case .unknownMethod(let path):
            ResponseHead.trailersOnly(Status(code: .unimplemented, message: "unknown method \(path)"))
        case .expired:
            ResponseHead.trailersOnly(Status(code: .deadlineExceeded, message: "expired before it started"))
        }
    }
}
