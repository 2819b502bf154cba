import NIOHTTP1
import Testing

@testable import Serving

@Suite struct AdminRoutesTests {
    private var routes: AdminRoutes {
        var routes = AdminRoutes()
        routes.get("/here") { AdminRoutes.Response(body: "found") }
        return routes
    }

    @Test func `a known path is answered to GET and HEAD, whatever its query`() {
        #expect(routes.response(to: .GET, "/here").body == "found")
        #expect(routes.response(to: .HEAD, "/here?since=1").status == .ok)
    }

    @Test func `another path is 404 and another method 405`() {
        #expect(routes.response(to: .GET, "/there").status == .notFound)
        #expect(routes.response(to: .POST, "/here").status == .methodNotAllowed)
        #expect(routes.response(to: .POST, "/there").status == .notFound)
    }
}
