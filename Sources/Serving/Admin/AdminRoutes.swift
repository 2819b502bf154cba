import NIOHTTP1

/// What the admin port answers, by path. Handlers are synchronous, and run on the port's own event loop.
struct AdminRoutes: Sendable {
    struct Response: Sendable, Equatable {
        var status = HTTPResponseStatus.ok
        var contentType = "text/plain; charset=utf-8"
        var body: String
        /// Header fields beside those that every answer has.
        var headers: [Field] = []
    }

    /// A header field.
    struct Field: Sendable, Equatable {
        let name: String
        let value: String
    }

    /// What is done once a second, on the port's event loop.
    var eachSecond: (@Sendable () -> Void)?

    private var handlers: [String: @Sendable () -> Response] = [:]

    init() {}

    mutating func get(_ path: String, _ handler: @escaping @Sendable () -> Response) {
        handlers[path] = handler
    }

    /// GET and HEAD of a known path; a query is passed over, since scrapers may add one.
    func response(to method: HTTPMethod, _ uri: String) -> Response {
        let path = String(uri.prefix { $0 != "?" })
        guard let handler = handlers[path] else {
            let known = handlers.keys.sorted().joined(separator: ", ")
            return Response(status: .notFound, body: "nothing here; there is \(known)\n")
        }
        guard method == .GET || method == .HEAD else {
            return Response(status: .methodNotAllowed, body: "GET and HEAD only\n")
        }
        return handler()
    }
}
