public import NIOCore

/// The methods a server offers, each with its handler. An immutable value once the server has it.
///
/// A handler that throws `RPCError` ends its call with that status; any other error becomes UNKNOWN. Its task is
/// cancelled when the client resets the call, the connection is lost or the deadline passes.
public struct MethodTable: Sendable {
    /// One request, one response.
    public typealias Unary = @Sendable (ByteBuffer, ServerContext) async throws -> ByteBuffer
    /// One request, one response, which is computed elsewhere: called on the event loop, which must not wait, and answered
    /// from any thread, once.
    public typealias Posted = @Sendable (ByteBuffer, ServerContext, Reply) -> Void
    /// One request, any number of responses.
    public typealias ServerStreaming =
        @Sendable (ByteBuffer, ServerContext, ResponseWriter) async throws -> Void
    /// Any number of requests, one response.
    public typealias ClientStreaming = @Sendable (RequestStream, ServerContext) async throws -> ByteBuffer
    /// Any number of both, in any order.
    public typealias Bidirectional =
        @Sendable (RequestStream, ServerContext, ResponseWriter) async throws -> Void

    enum Handler: Sendable {
        case unary(Unary)
        case posted(Posted)
        case serverStreaming(ServerStreaming)
        case clientStreaming(ClientStreaming)
        case bidirectional(Bidirectional)

        var hasOneRequest: Bool {
            switch self {
            case .unary, .posted, .serverStreaming: true
            case .clientStreaming, .bidirectional: false
            }
        }
    }

    struct Entry: Sendable {
        let method: MethodDescriptor
        let handler: Handler
        let counters = CallCounters()
    }

    private var entries: [String: Entry] = [:]

    /// No methods.
    public init() {}

    /// Adds a method with one request and one response. A method can be registered once.
    public mutating func register(_ method: MethodDescriptor, unary: @escaping Unary) {
        add(method, .unary(unary))
    }

    /// Adds a method with one request and one response that is computed elsewhere. A method can be registered once.
    public mutating func register(_ method: MethodDescriptor, posted: @escaping Posted) {
        add(method, .posted(posted))
    }

    /// Adds a method with one request and a stream of responses. A method can be registered once.
    public mutating func register(_ method: MethodDescriptor, serverStreaming: @escaping ServerStreaming) {
        add(method, .serverStreaming(serverStreaming))
    }

    /// Adds a method with a stream of requests and one response. A method can be registered once.
    public mutating func register(_ method: MethodDescriptor, clientStreaming: @escaping ClientStreaming) {
        add(method, .clientStreaming(clientStreaming))
    }

    /// Adds a method with streams both ways. A method can be registered once.
    public mutating func register(_ method: MethodDescriptor, bidirectional: @escaping Bidirectional) {
        add(method, .bidirectional(bidirectional))
    }

    /// Every method registered, in no order.
    public var methods: [MethodDescriptor] { entries.values.map(\.method) }

    var all: [Entry] { Array(entries.values) }

    /// The method of a `:path`, compared with regard to case.
    func entry(path: String) -> Entry? { entries[path] }

    private mutating func add(_ method: MethodDescriptor, _ handler: Handler) {
        let previous = entries.updateValue(Entry(method: method, handler: handler), forKey: method.path)
        precondition(previous == nil, "\(method) is registered twice")
    }
}
