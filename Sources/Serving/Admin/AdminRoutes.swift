import NIOHTTP1

/// What the admin port answers, by path. Handlers are synchronous, and run on the port's own event loop.
struct AdminRoutes: Sendable {
    struct Response: Sendable, Equatable {
        var status = HTTPResponseStatus.ok
        var contentType = "text/plain; charset=utf-8"
        var body: String
    }

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
