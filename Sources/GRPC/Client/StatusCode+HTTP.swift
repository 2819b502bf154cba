import HTTP2

extension StatusCode {
    /// What an HTTP status without a `grpc-status` means (gRPC, "HTTP to gRPC Status Code Mapping").
    init(httpStatus: String) {
        switch httpStatus {
        case "400": self = .internal
        case "401": self = .unauthenticated
        case "403": self = .permissionDenied
        case "404": self = .unimplemented
        case "429", "502", "503", "504": self = .unavailable
        default: self = .unknown
        }
    }

    /// What a stream's error code means (gRPC over HTTP/2, "Errors").
    init(_ code: HTTP2ErrorCode) {
        switch code {
        case .refusedStream: self = .unavailable
        case .cancel: self = .cancelled
        case .enhanceYourCalm: self = .resourceExhausted
        case .inadequateSecurity: self = .permissionDenied
        default: self = .internal
        }
    }
}
