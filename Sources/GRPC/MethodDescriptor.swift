/// The full name of a method: `dien.v1.Ranking` and `Rank`.
public struct MethodDescriptor: Sendable, Hashable {
    /// The service with its package. Case matters.
    public let service: String
    /// The method's bare name. Case matters.
    public let method: String

    /// The method of this name in this service.
    public init(service: String, method: String) {
        self.service = service
        self.method = method
    }

    /// Reads a `:path`, `/service/method`. Nil for anything of another shape.
    public init?(path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].isEmpty, !parts[1].isEmpty, !parts[2].isEmpty else { return nil }
        self.init(service: String(parts[1]), method: String(parts[2]))
    }

    /// The `:path` of a call, `/service/method`.
    public var path: String { "/\(service)/\(method)" }
}

extension MethodDescriptor: CustomStringConvertible {
    /// `service/method`, as in log lines.
    public var description: String { "\(service)/\(method)" }
}
