/// Why a session is dead. After one of these is thrown, the connection can only be closed.
public enum HTTP2Error: Error, Equatable, CustomStringConvertible {
    /// The first bytes are not the client connection preface: HTTP/1, TLS, or something else.
    case badPreface
    /// The peer made us queue more acknowledgements than allowed without reading them.
    case flooded
    /// A header block was spread over too many CONTINUATION frames.
    case tooManyContinuations
    /// An allocation failed.
    case outOfMemory
    /// A request cannot be opened on this session: it goes away, or its stream identifiers are used up.
    case streamNotAllowed
    /// Any other code of nghttp2 (`nghttp2_error`), with the call that returned it.
    case library(code: Int32, call: StaticString)

    /// Errors that read the same are the same.
    public static func == (a: HTTP2Error, b: HTTP2Error) -> Bool { a.description == b.description }

    /// What happened, and what to do about it where something can be done.
    public var description: String {
        switch self {
        case .badPreface: "the peer does not speak HTTP/2 with prior knowledge: wrong connection preface"
        case .flooded: "the peer floods the connection with frames that must be acknowledged"
        case .tooManyContinuations: "the peer sent too many CONTINUATION frames in one header block"
        case .outOfMemory: "nghttp2 ran out of memory"
        case .streamNotAllowed: "no new stream can be opened on this connection: open another connection"
        case .library(let code, let call): "\(call) failed with nghttp2 error \(code)"
        }
    }
}
