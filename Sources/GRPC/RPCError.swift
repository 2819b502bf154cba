/// A call that did not succeed: what a handler throws to choose the status, and what a client's call throws.
public struct RPCError: Error, Sendable, Hashable {
    /// The code that programs act on. Never `ok`.
    public var code: StatusCode
    /// What went wrong and how to mend it, for a person.
    public var message: String
    /// Sent in the trailers by a server; the trailers received, in a client.
    public var metadata: Metadata

    /// An error of this code. An `ok` here would be a call that fails successfully: it becomes `unknown`.
    public init(code: StatusCode, message: String, metadata: Metadata = Metadata()) {
        self.code = code == .ok ? .unknown : code
        self.message = message
        self.metadata = metadata
    }

    /// The same without the metadata.
    public var status: Status { Status(code: code, message: message) }
}

extension RPCError: CustomStringConvertible {
    /// `NOT_FOUND: no model "sports"`.
    public var description: String { status.description }
}
