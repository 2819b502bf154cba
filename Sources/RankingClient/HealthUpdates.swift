import GRPC
public import Messages

/// A service's health, now and at each change. For one reader.
public struct HealthUpdates: AsyncSequence, Sendable {
    /// One state.
    public typealias Element = HealthCheckResponse.ServingStatus

    private let responses: ResponseStream

    init(_ responses: ResponseStream) {
        self.responses = responses
    }

    /// Starts reading.
    public func makeAsyncIterator() -> Iterator { Iterator(base: responses.makeAsyncIterator()) }

    /// Reads one state after the other.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var base: ResponseStream.Iterator

        /// The next state, or nil when the server ended the stream. Throws `RPCError`.
        public mutating func next() async throws -> HealthCheckResponse.ServingStatus? {
            guard let message = try await base.next() else { return nil }
            return try HealthCheckResponse(received: message).status
        }
    }
}
