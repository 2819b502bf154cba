import GRPC
import Testing

struct MethodDescriptorTests {
    @Test func `a path is read and written`() {
        let method = MethodDescriptor(path: "/dien.v1.Ranking/Rank")
        #expect(method == MethodDescriptor(service: "dien.v1.Ranking", method: "Rank"))
        #expect(method?.path == "/dien.v1.Ranking/Rank")
    }

    @Test(arguments: [
        "", "/", "//", "noslash", "/service", "/service/", "//method", "service/method", "/a/b/c",
    ])
    func `a path of another shape names no method`(path: String) {
        #expect(MethodDescriptor(path: path) == nil)
    }
}
