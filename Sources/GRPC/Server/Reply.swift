import HTTP2
public import NIOCore

/// The way back of a call whose response is computed elsewhere.
public struct Reply: Sendable {
    private let send: @Sendable (Result<ByteBuffer, RPCError>) -> Void

    /// A way back to whatever takes the outcome.
    public init(_ send: @escaping @Sendable (Result<ByteBuffer, RPCError>) -> Void) { self.send = send }

    /// Ends the call, from any thread. Exactly once a call.
    public func callAsFunction(_ outcome: Result<ByteBuffer, RPCError>) { send(outcome) }
}
