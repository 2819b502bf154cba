import DIEN
import DIENMessages
import Files
import Messages
import Tensors

@testable import ModelRegistry
@testable import Serving

/// Version 1 as the champion and version 2 beside it, with the networks of both.
enum Contest {
    private static let networks = Result {
        let registry = try Fixture.registry.get()
        return try ([1, 2] as [UInt64]).map { number in
            let version = try registry.currentState().version(number, of: "sports")
            return try Model(
                files: Fixture.files(
                    of: VersionFiles(
                        registry: registry, manifest: registry.manifest(version.manifest))))
        }
    }

    /// Each half of all units on one of them; with a shadow, version 2 scores this share of the champion's requests too.
    static func table(
        shadow rate: UInt32? = nil, hasSplit: Bool = true, userStateBytes: Int = 0
    ) throws -> CurrentTable {
        let split = RegisteredSplit(
            salt: "2026-11", unit: "user_id",
            arms: [
                .init(name: "control", target: .alias("champion")),
                .init(name: "candidate", target: .version(2)),
            ], coverage: 10_000, control: "control")
        let state = Fixture.state(
            epoch: 1, aliases: ["champion": 1, "challenger": 2], split: hasSplit ? split : nil,
            shadow: rate.map { RegisteredShadow(target: .version(2), rate: $0) })
        let succession = Succession(state: state, previous: .empty)
        var loaded: [Succession.Version: ServableState] = [:]
        for version in succession.toLoad {
            loaded[version] = .ready(
                Servable(
                    model: version.model, version: version.number, manifest: version.manifest,
                    network: try networks.get()[Int(version.number) - 1],
                    userStates: userStateBytes > 0
                        ? UserStateCache(byteLimit: userStateBytes, shards: 1) : nil))
        }
        let table = CurrentTable()
        table.replace(with: succession.table(loaded: loaded))
        return table
    }

    /// What a version says of a request.
    static func scores(of version: UInt64, _ request: RankRequest) throws -> Scores {
        try networks.get()[Int(version) - 1].score(RankingInput(request))
    }
}
