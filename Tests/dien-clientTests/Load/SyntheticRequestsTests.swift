import Messages
import NIOCore
import Testing

@testable import dien_client

@Suite struct SyntheticRequestsTests {
    private static let shape = SyntheticRequests.Shape(
        history: 10...20, candidates: 3...5, skew: 1, items: 100...199, users: 1...50, distinctUsers: nil)

    private static func requests(_ shape: SyntheticRequests.Shape, seed: UInt64 = 1) -> SyntheticRequests {
        SyntheticRequests(shape: shape, model: ModelSpec(name: "sports"), seed: seed)
    }

    private static func ids(_ columns: [FeatureColumn]) -> [UInt64] {
        guard case .ids(let ids)? = columns.first?.values else { return [] }
        return ids
    }

    @Test(arguments: [1, 2, 3, 10, 97, 100, 18_357] as [UInt64])
    func `every rank is an item of its own, and all items are ranked`(count: UInt64) {
        var shape = Self.shape
        shape.items = 100...(99 + count)
        let requests = Self.requests(shape)
        let items = (1...count).map { requests.item(rank: $0) }
        #expect(Set(items) == Set(100...(99 + count)))
    }

    @Test func `popular items do not lie side by side`() {
        let requests = Self.requests(Self.shape)
        let items = (1...10).map { requests.item(rank: $0) }
        #expect(zip(items, items.dropFirst()).allSatisfy { max($0, $1) - min($0, $1) > 1 })
    }

    @Test func `the whole range of 64 bits is allowed for users`() {
        var shape = Self.shape
        shape.users = 0...UInt64.max
        #expect(Self.requests(shape).request(5).profile == [FeatureColumn(name: "user", ids: [5])])
    }

    @Test func `lengths and ids lie in their ranges, and every length comes`() {
        let requests = Self.requests(Self.shape)
        let made = (0..<500).map { requests.request($0) }
        #expect(Set(made.map { Self.ids($0.history).count }) == Set(10...20))
        #expect(Set(made.map { Self.ids($0.candidates).count }) == Set(3...5))
        #expect(
            made.allSatisfy { Self.ids($0.history + $0.candidates).allSatisfy { (100...199).contains($0) } })
        #expect(made.allSatisfy { $0.model.name == "sports" && !$0.routingKey.isEmpty })
    }

    @Test func `the same seed makes the same requests, another one others`() {
        #expect(Self.requests(Self.shape).request(3) == Self.requests(Self.shape).request(3))
        #expect(Self.requests(Self.shape).request(3) != Self.requests(Self.shape, seed: 2).request(3))
        #expect(Self.requests(Self.shape).request(3) != Self.requests(Self.shape).request(4))
    }

    @Test func `a user of a limited number has one history and ever new candidates`() {
        var shape = Self.shape
        shape.distinctUsers = 5
        let made = (0..<200).map { Self.requests(shape).request($0) }
        let users = Dictionary(grouping: made, by: \.routingKey)
        #expect(users.count == 5)
        for requests in users.values {
            #expect(Set(requests.map { Self.ids($0.history) }).count == 1)
            #expect(Set(requests.map { Self.ids($0.candidates) }).count > 5)
        }
    }

    @Test func `without a number of users no history comes twice, also when the ids begin again`() {
        let made = (0..<200).map { Self.requests(Self.shape).request($0) }
        #expect(Set(made.map { Self.ids($0.history) }).count == 200)
        #expect(Set(made.map(\.routingKey)).count == 50)
    }

    @Test func `workers side by side send each request once`() {
        let requests = Self.requests(Self.shape)
        var messages: Set<[UInt8]> = []
        for share in 0..<3 {
            var source = RequestSource(.synthetic(requests), share: share, of: 3)
            for _ in 0..<10 { messages.insert(Array(source.next()?.message.readableBytesView ?? .init())) }
        }
        #expect(messages == Set((0..<30).map { requests.request($0).serialized() }))
    }

    @Test func `a list begins again at its end, or ends there`() {
        let list = (0..<3).map { RequestSource.Prepared(Self.requests(Self.shape).request($0)) }
        var cycled = RequestSource(.list(list, once: false))
        var once = RequestSource(.list(list, once: true))
        #expect(
            (0..<7).map { _ in cycled.next()?.message } == [0, 1, 2, 0, 1, 2, 0].map { list[$0].message })
        #expect(
            (0..<4).map { _ in once.next()?.message } == [
                list[0].message, list[1].message, list[2].message, nil,
            ])
    }
}
