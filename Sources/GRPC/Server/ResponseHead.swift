import HTTP2

/// The header blocks of responses.
enum ResponseHead {
    enum ContentType: String {
        case grpc = "application/grpc"
        case grpcProto = "application/grpc+proto"
    }

    /// The block that opens a response with messages.
    static func initial(_ contentType: ContentType, metadata: Metadata) -> [HeaderField] {
        let fields = contentType == .grpc ? grpc : grpcProto
        return metadata.isEmpty ? fields : fields + wireFields(metadata)
    }

    /// The block that ends a response.
    ///
    /// `maxBytes` bounds its header list size: the message is cut to fit, and metadata left out that does not.
    static func trailers(_ status: Status, metadata: Metadata = Metadata(), maxBytes: Int = 7 << 10)
        -> [HeaderField]
    {
        if status.code == .ok, metadata.isEmpty { return ok }
        let code = HeaderField("grpc-status", status.code.wireValue)
        var room = maxBytes - code.listSize - HeaderField("grpc-message", "").listSize
        var extra: [HeaderField] = []
        for field in wireFields(metadata) where field.listSize <= room {
            room -= field.listSize
            extra.append(field)
        }
        guard !status.message.isEmpty else { return [code] + extra }
        let message = PercentEncoding.encode(status.message, maximumLength: room)
        return [code, HeaderField("grpc-message", message)] + extra
    }

    /// The one block of a response that fails before its first message.
    static func trailersOnly(
        _ status: Status, metadata: Metadata = Metadata(), contentType: ContentType = .grpc,
        httpStatus: String = "200", maxBytes: Int = 7 << 10
    ) -> [HeaderField] {
        [HeaderField(":status", httpStatus), HeaderField("content-type", contentType.rawValue)]
            + trailers(status, metadata: metadata, maxBytes: maxBytes)
    }

    static func listSize(_ fields: [HeaderField]) -> Int {
        fields.reduce(0) { $0 + $1.listSize }
    }

    private static let grpc = [
        HeaderField(":status", "200"), HeaderField("content-type", ContentType.grpc.rawValue),
    ]
    private static let grpcProto = [
        HeaderField(":status", "200"), HeaderField("content-type", ContentType.grpcProto.rawValue),
    ]
    private static let ok = [HeaderField("grpc-status", "0")]

    /// Only what may stand there: neither gRPC's own fields nor text that clients would reject the response for.
    private static func wireFields(_ metadata: Metadata) -> [HeaderField] {
        metadata.wireFields.compactMap { name, value in
            guard !Metadata.isReserved(name), value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
                return nil
            }
            return HeaderField(name, value)
        }
    }
}
