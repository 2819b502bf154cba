import Testing

@testable import Serving

@Suite struct ServingTableTests {
    private func table() throws -> ServingTable {
        let first = try Fixture.servable("sports", 1)
        let second = try Fixture.servable("sports", 2)
        let versions: [UInt64: ServableStatus] = [
            1: ServableStatus(manifest: first.manifest, state: .ready(first)),
            2: ServableStatus(manifest: second.manifest, state: .ready(second)),
            3: ServableStatus(manifest: second.manifest, state: .notLoaded),
        ]
        let aliases = [
            "champion": ServedModel.AliasTarget(assigned: 1, servable: first, previous: nil),
            "challenger": ServedModel.AliasTarget(assigned: 2, servable: second, previous: nil),
        ]
        return ServingTable(
            epoch: 7, models: ["sports": ServedModel(aliases: aliases, versions: versions, split: nil)])
    }

    @Test func `a request that names neither version nor alias is answered by the champion`() throws {
        let route = try table().route(model: "sports", version: 0, alias: "", unit: "u")
        #expect(route.servable.version == 1)
        #expect(route.arm == "champion")
        #expect(route.assignedArm.isEmpty)
        #expect(route.experiment.isEmpty)
    }

    @Test func `an alias and a pinned version choose`() throws {
        let byAlias = try table().route(model: "sports", version: 0, alias: "challenger", unit: "")
        #expect(byAlias.servable.version == 2)
        #expect(byAlias.arm == "challenger")
        let pinned = try table().route(model: "sports", version: 2, alias: "", unit: "")
        #expect(pinned.servable.version == 2)
        #expect(pinned.arm == "version-2")
    }

    @Test func `the name may be left out where there is one model`() throws {
        #expect(try table().route(model: "", version: 0, alias: "", unit: "").servable.model == "sports")
        #expect(throws: RoutingError.missingModel(known: [])) {
            try ServingTable.empty.route(model: "", version: 0, alias: "", unit: "")
        }
    }

    @Test func `what does not exist is named together with what does`() throws {
        let table = try table()
        #expect(throws: RoutingError.unknownModel("toys", known: ["sports"])) {
            try table.route(model: "toys", version: 0, alias: "", unit: "")
        }
        #expect(throws: RoutingError.unknownVersion(model: "sports", version: 9, known: [1, 2, 3])) {
            try table.route(model: "sports", version: 9, alias: "", unit: "")
        }
        #expect(
            throws: RoutingError.unknownAlias(model: "sports", alias: "x", known: ["challenger", "champion"])
        ) {
            try table.route(model: "sports", version: 0, alias: "x", unit: "")
        }
        #expect(throws: RoutingError.notLoaded(model: "sports", version: 3)) {
            try table.route(model: "sports", version: 3, alias: "", unit: "")
        }
    }

    @Test func `a version and an alias at once contradict each other`() throws {
        let table = try table()
        #expect(
            throws: RoutingError.versionAndAlias(model: "sports", version: 1, alias: "champion")
        ) {
            try table.route(model: "sports", version: 1, alias: "champion", unit: "")
        }
    }
}
