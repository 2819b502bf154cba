/// How a call ended: a code, and for the eyes of a person a message.
public struct Status: Sendable, Hashable {
    /// The code that programs act on.
    public var code: StatusCode
    /// Plain text, any Unicode; empty when the code says it all.
    public var message: String

    /// A status of this code and message.
    public init(code: StatusCode, message: String = "") {
        self.code = code
        self.message = message
    }

    /// The status of a call that succeeded.
    public static let ok = Status(code: .ok)
}

extension Status: CustomStringConvertible {
    /// `NOT_FOUND: no model "sports"`, or the code alone.
    public var description: String { message.isEmpty ? "\(code)" : "\(code): \(message)" }
}
