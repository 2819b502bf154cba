public import RequestLog

/// Where a server logs its requests, and which of them.
public struct RequestLogConfiguration: Sendable {
    /// The log's folder; created where it is missing.
    public var folder: String
    /// How much of what is logged.
    public var options = RequestLogOptions()

    /// The log in this folder, with the default options.
    public init(folder: String) { self.folder = folder }
}
