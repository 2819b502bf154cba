import ModelRegistry
import Testing

@testable import ModelRegistry
@testable import Serving

@Suite struct SuccessionTests {
    private func state(epoch: UInt64, aliases: [String: UInt64]) -> RegistryState {
        Fixture.state(epoch: epoch, aliases: aliases)
    }

    private func advance(
        _ table: ServingTable, to state: RegistryState, refusing refused: Set<UInt64> = []
    ) throws -> ServingTable {
        try Fixture.advance(table, to: state, refusing: refused)
    }

    private func serving(_ table: ServingTable, _ alias: String = "champion") -> UInt64? {
        table.models["sports"]?.aliases[alias]?.servable?.version
    }

    private func isReady(_ table: ServingTable, _ version: UInt64) -> Bool {
        table.models["sports"]?.versions[version]?.servable != nil
    }

    @Test func `only versions that an alias names are loaded`() throws {
        let state = state(epoch: 1, aliases: ["champion": 1, "challenger": 3])
        #expect(Succession(state: state, previous: .empty).toLoad.map(\.number) == [1, 3])
        let table = try advance(.empty, to: state)
        #expect(table.epoch == 1)
        #expect([1, 2, 3, 4].map { isReady(table, $0) } == [true, false, true, false])
    }

    @Test func `a promoted version is the only one that is loaded anew`() throws {
        let first = try advance(.empty, to: state(epoch: 1, aliases: ["champion": 1]))
        let succession = Succession(state: state(epoch: 2, aliases: ["champion": 2]), previous: first)
        #expect(succession.toLoad.map(\.number) == [2])
        #expect(serving(try advance(first, to: succession.state)) == 2)
    }

    @Test func `while a version loads, what was served is served`() throws {
        let first = try advance(.empty, to: state(epoch: 1, aliases: ["champion": 1]))
        let loading = Succession(state: state(epoch: 2, aliases: ["champion": 2]), previous: first)
            .tableWhileLoading([:])
        #expect(loading.epoch == 1)
        #expect(serving(loading) == 1)
        guard case .loading(.queued) = loading.models["sports"]?.versions[2]?.state else {
            Issue.record("version 2 is not shown as loading")
            return
        }
    }

    @Test func `a refused version leaves its alias with what answered before`() throws {
        let first = try advance(.empty, to: state(epoch: 1, aliases: ["champion": 1]))
        let second = try advance(first, to: state(epoch: 2, aliases: ["champion": 2]), refusing: [2])
        #expect(second.epoch == 2)
        #expect(serving(second) == 1)
        #expect(second.models["sports"]?.aliases["champion"]?.assigned == 2)
        #expect(throws: RoutingError.refused(model: "sports", version: 2, reason: "digest")) {
            try second.route(model: "sports", version: 2, alias: "", unit: "")
        }
    }

    @Test func `a refused version is tried again at the next epoch`() throws {
        let first = try advance(.empty, to: state(epoch: 1, aliases: ["champion": 2]), refusing: [2])
        #expect(serving(first) == nil)
        let second = try advance(first, to: state(epoch: 2, aliases: ["champion": 2]))
        #expect(serving(second) == 2)
    }

    @Test func `the version an alias left stays loaded until the alias moves again`() throws {
        var table = try advance(.empty, to: state(epoch: 1, aliases: ["champion": 1]))
        table = try advance(table, to: state(epoch: 2, aliases: ["champion": 2]))
        table = try advance(table, to: state(epoch: 3, aliases: ["champion": 2, "challenger": 4]))
        #expect(isReady(table, 1))
        let rollback = Succession(state: state(epoch: 4, aliases: ["champion": 1]), previous: table)
        #expect(rollback.toLoad.isEmpty)
        table = try advance(table, to: state(epoch: 4, aliases: ["champion": 3]))
        #expect(!isReady(table, 1))
        #expect(isReady(table, 2))
    }

    @Test func `a model that leaves the registry leaves the table`() throws {
        let first = try advance(.empty, to: state(epoch: 1, aliases: ["champion": 1]))
        let empty = RegistryState(
            epoch: 2, previous: nil, models: [:], note: CommitNote(command: "test", actor: "tester@bench"))
        #expect(try advance(first, to: empty).models.isEmpty)
    }
}
