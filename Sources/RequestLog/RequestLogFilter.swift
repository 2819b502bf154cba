/// Which requests of a log are wanted.
public struct RequestLogFilter: Sendable, Equatable {
    /// The model's name; nil: any.
    public var model: String?
    /// The version that answered; nil: any.
    public var version: UInt64?
    /// The arm whose version answered; nil: any.
    public var arm: String?
    /// When it was answered, in milliseconds since 1970-01-01T00:00:00Z; the end is not included.
    public var time: Range<UInt64> = 0..<UInt64.max
    /// How many of them at most, the newest; nil: all.
    public var newest: Int?

    /// A filter that everything passes.
    public init() {}

    /// Whether a request passes, its number apart.
    public func contains(_ request: LoggedRequest) -> Bool {
        model.map { $0 == request.model } ?? true && version.map { $0 == request.version } ?? true
            && arm.map { $0 == request.arm } ?? true && time.contains(request.unixMilliseconds)
    }
}

extension RequestLogScan {
    /// The next request that passes; nil at the end. How many are wanted is not asked here.
    public func nextRequest(_ filter: RequestLogFilter) throws(RequestLogError) -> LoggedRequest? {
        while let record = try next() {
            if case .request(let request) = record, filter.contains(request) { return request }
        }
        return nil
    }

    /// The requests that pass, of many the newest `filter.newest`, in memory: oldest first as they stand in the files.
    ///
    /// - Parameter progress: told from time to time, to look at ``offset``.
    public func requests(
        _ filter: RequestLogFilter, progress: (RequestLogScan) -> Void = { _ in }
    ) throws(RequestLogError) -> [LoggedRequest] {
        var requests: [LoggedRequest] = []
        while let request = try nextRequest(filter) {
            requests.append(request)
            if requests.count % 1024 == 0 { progress(self) }
            // Twice as many as are wanted, so that few are moved.
            if let newest = filter.newest, requests.count >= max(2 * newest, 64) {
                requests.removeFirst(requests.count - newest)
            }
        }
        if let newest = filter.newest { requests.removeFirst(max(0, requests.count - newest)) }
        return requests
    }
}
