import Datasets
import JudgedFixture
import Messages
import Testing

@testable import dien_client

/// A prepared data set as requests, by `JudgedFixture`: two users, rows that are not the identifiers.
@Suite struct DatasetRequestsTests {
    private static func withRequests(
        _ settings: DatasetRequests.Settings = .init(), hasCategory: Bool = true,
        _ body: (DatasetRequests) throws -> Void
    ) async throws {
        try await JudgedFixture.withFolder { folder in
            try JudgedFixture.write(to: folder, hasCategory: hasCategory)
            try body(try DatasetRequests(Dataset(path: folder), .test, settings))
        }
    }

    private static func ids(_ columns: [FeatureColumn], _ name: String) -> [UInt64]? {
        guard case .ids(let ids)? = columns.first(where: { $0.name == name })?.values else { return nil }
        return ids
    }

    @Test func `samples of one user and one history are one request, in the identifiers of the vocabulary`()
        async throws
    {
        try await Self.withRequests { requests in
            #expect(requests.count == 4)
            let first = requests.request(0)
            #expect(first.message.routingKey == "user-0" && first.user == 0)
            #expect(first.labels == [true, false])
            #expect(Self.ids(first.message.candidates, "item") == [153, 1110])
            #expect(Self.ids(first.message.history, "item") == [149, 1, 150, 99_999_999, 18])
            // The fixture's category of an item is its row modulo 4; 2, 27 and 400 are on the rows 2, 1 and 3.
            #expect(Self.ids(first.message.history, "category") == [400, 27, .max, 400, 2])
            #expect(Self.ids(first.message.candidates, "category") == [27, 2])
            let third = requests.request(2)
            #expect(third.message.routingKey == "user-1" && third.labels == [true])
            #expect(Self.ids(third.message.profile, "user") == [7])
            #expect(Self.ids(third.message.history, "item") == [153])
            #expect(Self.ids(requests.request(3).message.history, "item") == [])
        }
    }

    @Test func `the row of what training did not know is asked for by an identifier that no row has`()
        async throws
    {
        try await Self.withRequests { requests in
            #expect(Self.ids(requests.request(0).message.profile, "user") == [.max])
        }
        let taken = TableIdentifiers(
            table: "item", values: .integers([5, .max - 1, .max]), rows: [1, 2, 0])
        let names = RowNames(taken, rows: 3).column("item", [0, 1, 2])
        #expect(Self.ids([names], "item") == [UInt64.max - 2, 5, UInt64.max - 1])
        let texts = TableIdentifiers(table: "item", values: .strings(["a", "unknown"]), rows: [0, 1])
        #expect(
            RowNames(texts, rows: 2).column("item", [0, 1]).values == .strings(["unknown?", "unknown"]))
    }

    @Test func `what a data set has no column of is not sent`() async throws {
        try await Self.withRequests(hasCategory: false) { requests in
            #expect(requests.request(0).message.history.map(\.name) == ["item"])
        }
    }

    @Test func `drawn candidates stand behind the clicked ones, instead of the others, and are none of them`()
        async throws
    {
        var settings = DatasetRequests.Settings()
        settings.negatives = 3
        settings.keyPrefix = "again-"
        settings.model = ModelSpec(name: "sports", alias: "challenger")
        try await Self.withRequests(settings) { requests in
            // All training events of the fixture are of the item of row 1.
            let first = requests.request(0)
            #expect(Self.ids(first.message.candidates, "item") == [153, 1])
            #expect(Self.ids(first.message.candidates, "category") == [27, 27])
            #expect(first.labels == [true, false])
            #expect(requests.request(1).labels == [false])
            #expect(first.message.routingKey == "again-0")
            #expect(first.message.model == ModelSpec(name: "sports", alias: "challenger"))
            #expect(Self.ids(requests.request(2).message.candidates, "item") == [1])
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `a seed draws an order, the same each time, of all requests`(seed: UInt64) async throws {
        var settings = DatasetRequests.Settings()
        settings.isShuffled = true
        settings.seed = seed
        var orders: [[ReplayedRequest]] = []
        for _ in 0..<2 {
            try await Self.withRequests(settings) { requests in
                orders.append((0..<requests.count).map(requests.request))
            }
        }
        #expect(orders[0].map(\.message) == orders[1].map(\.message))
        #expect(
            orders[0].map { "\($0.user) \($0.labels)" }.sorted() == [
                "0 [false]", "0 [true, false]", "1 [false]", "1 [true]",
            ])
    }
}
