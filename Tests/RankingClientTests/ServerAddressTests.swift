import RankingClient
import Testing

struct ServerAddressTests {
    @Test(arguments: [
        ("localhost", "localhost", 50051), ("10.0.0.1:80", "10.0.0.1", 80), ("[::1]:9", "::1", 9),
        ("[fe80::1]", "fe80::1", 50051), ("ranker-3.example:65535", "ranker-3.example", 65535),
    ]) func `every usual form is understood`(text: String, host: String, port: Int) throws {
        let address = try #require(ServerAddress(text))
        #expect(address == ServerAddress(host: host, port: port))
        #expect(ServerAddress("\(address)") == address)
    }

    @Test(arguments: ["", ":1", "a:", "a:0", "a:65536", "a:b", "::1", "[::1", "[::1]9", "[]:1", "a:+1"])
    func `anything else is refused`(text: String) {
        #expect(ServerAddress(text) == nil)
    }
}
