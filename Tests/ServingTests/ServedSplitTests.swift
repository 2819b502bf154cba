import ModelRegistry
import Testing

@testable import Serving

/// Experiments as a replica serves them: who answers, what the reply says, what is counted.
@Suite struct ServedSplitTests {
    /// Champion 1; half of the enrolled units try version 2, half are its control.
    private func state(epoch: UInt64, coverage: UInt32, salt: String = "2026-11") -> RegistryState {
        let split = RegisteredSplit(
            salt: salt, unit: "user_id",
            arms: [
                RegisteredSplit.Arm(name: "control", target: .alias("champion")),
                RegisteredSplit.Arm(name: "candidate", target: .version(2), allow: ["qa"]),
            ], coverage: coverage, control: "control")
        return Fixture.state(epoch: epoch, aliases: ["champion": 1], split: split)
    }

    private func table(
        _ state: RegistryState, after previous: ServingTable = .empty, refusing refused: Set<UInt64> = []
    ) throws -> ServingTable {
        try Fixture.advance(previous, to: state, refusing: refused)
    }

    private func route(_ table: ServingTable, _ unit: String) throws -> Route {
        try table.route(model: "sports", version: 0, alias: "", unit: unit)
    }

    @Test func `each unit stays with its arm, and both arms are met`() throws {
        let table = try table(state(epoch: 1, coverage: 10_000))
        var arms: [String: Int] = [:]
        for user in 0..<1000 {
            let first = try route(table, "user \(user)")
            let again = try route(table, "user \(user)")
            #expect(first.arm == again.arm)
            #expect(first.arm == first.assignedArm)
            #expect(first.experiment == "2026-11")
            #expect(first.servable.version == (first.arm == "candidate" ? 2 : 1))
            arms[first.arm, default: 0] += 1
        }
        // Six standard deviations of a fair coin thrown 1000 times are 95.
        #expect(abs((arms["candidate"] ?? 0) - 500) < 95)
        #expect((arms["candidate"] ?? 0) + (arms["control"] ?? 0) == 1000)
    }

    @Test func `raising the coverage moves no unit that was enrolled`() throws {
        let narrow = try table(state(epoch: 1, coverage: 1_000))
        let wide = try table(state(epoch: 2, coverage: 5_000), after: narrow)
        var enrolled = 0
        for user in 0..<2000 {
            let before = try route(narrow, "user \(user)")
            guard !before.assignedArm.isEmpty else { continue }
            enrolled += 1
            #expect(try route(wide, "user \(user)").assignedArm == before.assignedArm)
        }
        #expect(enrolled > 100)
    }

    @Test func `without a routing key the champion answers, and that is counted`() throws {
        let table = try table(state(epoch: 1, coverage: 10_000))
        let route = try route(table, "")
        #expect(route.arm == "champion")
        #expect(route.assignedArm.isEmpty)
        #expect(table.models["sports"]?.split?.counters.counts.unassigned == 1)
    }

    @Test func `an allowed unit gets its arm at no coverage, all others the champion`() throws {
        let table = try table(state(epoch: 1, coverage: 0))
        #expect(try route(table, "qa").arm == "candidate")
        #expect(try route(table, "user 1").arm == "champion")
        let counts = try #require(table.models["sports"]?.split?.counters.counts)
        #expect(counts.overridden == 1)
        #expect(counts.notEnrolled == 1)
    }

    @Test func `where an arm's version is refused the champion answers, and the assignment stands`() throws {
        let table = try table(state(epoch: 1, coverage: 10_000), refusing: [2])
        let route = try route(table, "qa")
        #expect(route.servable.version == 1)
        #expect(route.arm == "champion")
        #expect(route.assignedArm == "candidate")
        #expect(table.models["sports"]?.split?.counters.counts.fallbacks == 1)
    }

    @Test func `a pinned version and an alias take no part`() throws {
        let table = try table(state(epoch: 1, coverage: 10_000))
        let pinned = try table.route(model: "sports", version: 2, alias: "", unit: "qa")
        #expect(pinned.arm == "version-2" && pinned.experiment.isEmpty)
        let alias = try table.route(model: "sports", version: 0, alias: "champion", unit: "qa")
        #expect(alias.servable.version == 1 && alias.experiment.isEmpty)
        #expect(table.models["sports"]?.split?.counters.counts.overridden == 0)
    }

    @Test func `an experiment keeps its counts over epochs, another one begins anew`() throws {
        let first = try table(state(epoch: 1, coverage: 10_000))
        _ = try route(first, "qa")
        let second = try table(state(epoch: 2, coverage: 10_000), after: first)
        #expect(second.models["sports"]?.split?.counters.counts.overridden == 1)
        let third = try table(state(epoch: 3, coverage: 10_000, salt: "2026-12"), after: second)
        #expect(third.models["sports"]?.split?.counters.counts.overridden == 0)
    }
}
