extension Metadata {
    /// Adds a field as the wire carried it. A `-bin` value may be several, joined by commas, each base64 with
    /// or without padding. Text is taken as it is: bytes outside printable ASCII must not fail a call.
    ///
    /// Throws `RPCError` INTERNAL when a `-bin` value is no base64; nothing is added then.
    public mutating func append(wireName name: String, wireValue: String) throws(RPCError) {
        guard Metadata.isBinary(name) else { return append(name, wireValue) }
        var values: [[UInt8]] = []
        for part in wireValue.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let digits = part.drop { $0 == 0x20 || $0 == 0x09 }
            guard let bytes = Base64.decode(digits) else {
                throw RPCError(code: .internal, message: "metadata \"\(name)\" is not base64")
            }
            values.append(bytes)
        }
        for bytes in values { append(name, bytes: bytes) }
    }

    /// The fields as the wire carries them: `-bin` values in base64 without padding.
    public var wireFields: [(name: String, value: String)] {
        fields.map { field in
            switch field.value {
            case .text(let text): (field.name, text)
            case .binary(let bytes): (field.name, Base64.encode(bytes))
            }
        }
    }

    /// Throws `RPCError` INVALID_ARGUMENT that names the first field which HTTP/2 cannot carry as metadata: a
    /// name outside `0-9 a-z _ - .` or reserved, a text outside printable ASCII.
    public func validateForSending() throws(RPCError) {
        for field in fields {
            guard !field.name.isEmpty, field.name.utf8.allSatisfy(Metadata.isNameByte) else {
                throw RPCError(
                    code: .invalidArgument,
                    message: "metadata name \"\(field.name)\": only 0-9, a-z, _, - and . are allowed")
            }
            guard !Metadata.isReserved(field.name) else {
                throw RPCError(code: .invalidArgument, message: "metadata name \"\(field.name)\" is reserved")
            }
            if case .text(let text) = field.value, !text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) {
                throw RPCError(
                    code: .invalidArgument,
                    message:
                        "metadata \"\(field.name)\": text must be printable ASCII; use a -bin name for bytes")
            }
        }
    }

    /// Whether a header field of this lower-case name belongs to HTTP/2 or gRPC itself, not to the metadata.
    public static func isReserved(_ name: String) -> Bool {
        if name.hasPrefix(":") || (name.hasPrefix("grpc-") && !allowed.contains(name)) { return true }
        return name == "content-type" || name == "te" || name == "user-agent"
    }

    /// Names with gRPC's prefix that travel beside an application's own: rich status, retry, tracing.
    private static let allowed: Set<String> = [
        "grpc-status-details-bin", "grpc-retry-pushback-ms", "grpc-previous-rpc-attempts", "grpc-trace-bin",
        "grpc-tags-bin",
    ]

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }
}
