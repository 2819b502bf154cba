import Synchronization

/// What a handler may know about its call.
public struct ServerContext: Sendable {
    /// The method called.
    public let method: MethodDescriptor
    /// The client's metadata: no pseudo-header fields, none of gRPC's own.
    public let metadata: Metadata
    /// When the client stops waiting. The handler's task is cancelled then.
    public let deadline: Deadline?
    /// The client's address, such as `127.0.0.1:51234`.
    public let peer: String
    /// The metadata to go with the response.
    public let response = ResponseMetadata()
    let cancellation = CallCancellation()

    /// Whether nobody waits for the answer any more: the client reset the call or left, or the deadline passed.
    public var isCancelled: Bool { cancellation.isCancelled }

    /// A context as the server makes it for each call, and a test of a handler for itself.
    public init(method: MethodDescriptor, metadata: Metadata, deadline: Deadline?, peer: String) {
        self.method = method
        self.metadata = metadata
        self.deadline = deadline
        self.peer = peer
    }
}

/// Metadata a handler gives its response. Safe to use from any task of the handler.
public final class ResponseMetadata: Sendable {
    private let fields = Mutex((initial: Metadata(), trailing: Metadata()))

    /// Goes out with the response headers: set it before the first message is written.
    public var initial: Metadata {
        get { fields.withLock { $0.initial } }
        set { fields.withLock { $0.initial = newValue } }
    }

    /// Goes out with the status, before the metadata of a thrown `RPCError`.
    public var trailing: Metadata {
        get { fields.withLock { $0.trailing } }
        set { fields.withLock { $0.trailing = newValue } }
    }
}

/// Whether a call has ended before its handler.
final class CallCancellation: Sendable {
    private let flag = Atomic(false)

    var isCancelled: Bool { flag.load(ordering: .relaxed) }
    func cancel() { flag.store(true, ordering: .relaxed) }
}
