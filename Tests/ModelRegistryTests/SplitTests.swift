import Foundation
import ModelRegistry
import Testing

@Suite struct SplitTests {
    let bench: TemporaryRegistry

    init() throws {
        bench = try TemporaryRegistry()
        try bench.push("a", alias: "champion")
        try bench.push("b")
        try bench.push("c")  // epoch 4
    }

    private var sports: RegisteredModel {
        get throws { try #require(try bench.registry.currentState().models["sports"]) }
    }

    private func split(
        _ version: UInt64 = 2, salt: String = "s1", coverage: UInt32 = 200, weight: UInt32 = 1,
        layer: RegisteredSplit.Layer? = nil
    ) -> RegisteredSplit {
        RegisteredSplit(
            salt: salt, unit: "user_id",
            arms: [
                .init(name: "candidate", target: .version(version), weight: weight),
                .init(name: "control", target: .alias("champion"), weight: weight),
            ], coverage: coverage, control: "control", layer: layer)
    }

    @discardableResult
    private func start(
        _ split: RegisteredSplit, model: String = "sports", replacing: Bool = false,
        reusingSalt: Bool = false,
        expectEpoch: UInt64? = nil
    ) throws -> Commit {
        try bench.registry.startSplit(
            split, of: model, replacing: replacing, reusingSalt: reusingSalt, expectEpoch: expectEpoch,
            note: note("split start"), verifier: accept)
    }

    @discardableResult
    private func ramp(_ coverage: UInt32, down: Bool = false, resuming: Bool = false) throws -> Commit {
        try bench.registry.rampSplit(
            of: "sports", to: coverage, down: down, resuming: resuming, note: note("split ramp"))
    }

    @discardableResult
    private func stop(_ model: String = "sports") throws -> Commit {
        try bench.registry.stopSplit(of: model, note: note("split stop"))
    }

    private func refused(_ refusal: SplitRefusal, model: String = "sports", _ body: () throws -> Void) {
        #expect(throws: RegistryError.split(refusal, model: model)) { try body() }
    }

    @Test func `a split that was started is what another reader finds`() throws {
        var started = split(layer: .init(name: "home", first: 0, end: 5_000))
        started.arms[0].allow = ["user-1", "user-2"]
        #expect(try start(started).state.epoch == 5)
        let reader = try Registry(openingAt: bench.path)
        #expect(try reader.currentState().models["sports"]?.split == started)
    }

    @Test func `starting the same split again makes no epoch, and another one is refused`() throws {
        try start(split())
        #expect(try !start(split()).isNew)
        refused(.running(salt: "s1")) { try start(split(3, salt: "s2")) }
        refused(.running(salt: "s1")) { try start(split(coverage: 300)) }
    }

    @Test func `every candidate is verified, the control slice is not`() throws {
        var seen: [Digest] = []
        _ = try bench.registry.startSplit(split(), of: "sports", note: note("split start")) { files in
            seen.append(contentsOf: files.manifest.files.values.map(\.digest))
        }
        let candidate = try bench.registry.files(of: 2, model: "sports").manifest.files.values.map(\.digest)
        #expect(Set(seen) == Set(candidate))
        #expect(seen.count == candidate.count)
    }

    @Test func `a candidate that its check refuses gets no traffic`() throws {
        struct Refusal: Error {}
        #expect(throws: RegistryError.self) {
            _ = try bench.registry.startSplit(split(), of: "sports", note: note("split start")) { _ in
                throw Refusal()
            }
        }
        #expect(try sports.split == nil)
    }

    @Test func `a ramp raises the coverage alone, and lowers it only when told`() throws {
        try start(split())
        try ramp(1_000)
        #expect(try sports.split == split(coverage: 1_000))
        #expect(try !ramp(1_000).isNew)
        refused(.lower(from: 1_000, to: 999)) { try ramp(999) }
        try ramp(100, down: true)
        #expect(try sports.split == split(coverage: 100))
        refused(.invalid(reason: "the coverage 10001 is above 10000")) { try ramp(10_001) }
    }

    @Test func `a held split is lowered but not raised until the ramp is resumed`() throws {
        try start(split(coverage: 1_000))
        _ = try bench.registry.holdSplit(of: "sports", note: note("split hold"))
        #expect(try !bench.registry.holdSplit(of: "sports", note: note("split hold")).isNew)
        refused(.held) { try ramp(2_000) }
        try ramp(500, down: true)
        #expect(try sports.split?.isHeld == true)
        try ramp(2_000, resuming: true)
        #expect(try sports.split == split(coverage: 2_000))
    }

    @Test func `without a split there is nothing to ramp, hold or allow, and stopping changes nothing`()
        throws
    {
        refused(.notRunning) { try ramp(500) }
        refused(.notRunning) { _ = try bench.registry.holdSplit(of: "sports", note: note("split hold")) }
        refused(.notRunning) {
            _ = try bench.registry.allow("u", arm: "candidate", of: "sports", note: note("split allow"))
        }
        #expect(try !stop().isNew)
        #expect(throws: RegistryError.unknownModel("beauty", known: ["sports"])) { try stop("beauty") }
    }

    @Test func `the salt of a stopped split is refused, for any model, unless it is meant`() throws {
        try bench.push("x", model: "beauty", alias: "champion")
        try start(split())
        refused(.saltUsed("s1", by: "sports"), model: "beauty") { try start(split(1), model: "beauty") }
        try stop()
        #expect(try sports.split == nil)
        #expect(try sports.retiredSalts == ["s1"])
        refused(.saltUsed("s1", by: "sports")) { try start(split(3)) }
        refused(.saltUsed("s1", by: "sports"), model: "beauty") { try start(split(1), model: "beauty") }
        try start(split(3), reusingSalt: true)
        try stop()
        #expect(try sports.retiredSalts == ["s1"])
    }

    @Test func `other weights need a new salt`() throws {
        try start(split())
        refused(.saltUsed("s1", by: "sports")) { try start(split(weight: 2), replacing: true) }
        try start(split(salt: "s0", weight: 2), replacing: true)
        #expect(try sports.split == split(salt: "s0", weight: 2))
        #expect(try sports.retiredSalts == ["s1"])
        try stop()
        #expect(try sports.retiredSalts == ["s0", "s1"])
    }

    @Test func `splits of two models own segments of a layer apart`() throws {
        try bench.push("x", model: "beauty", alias: "champion")
        try start(split(layer: .init(name: "home", first: 0, end: 5_000)))
        refused(.segmentsTaken(layer: "home", by: "sports"), model: "beauty") {
            try start(
                split(1, salt: "b", layer: .init(name: "home", first: 4_999, end: 6_000)), model: "beauty")
        }
        try start(split(1, salt: "b", layer: .init(name: "home", first: 5_000, end: 6_000)), model: "beauty")
        try stop("beauty")
        try start(split(1, salt: "c", layer: .init(name: "search", first: 0, end: 10_000)), model: "beauty")
        try stop("beauty")
        try stop()
        try start(split(1, salt: "d", layer: .init(name: "home", first: 0, end: 10_000)), model: "beauty")
    }

    @Test func `an allowed unit moves between arms and off the lists`() throws {
        try start(split())
        func allow(_ unit: String, _ arm: String?) throws -> Commit {
            try bench.registry.allow(unit, arm: arm, of: "sports", note: note("split allow"))
        }
        _ = try allow("u2", "candidate")
        _ = try allow("u1", "candidate")
        #expect(try !allow("u1", "candidate").isNew)
        #expect(try sports.split?.arms.map(\.allow) == [["u1", "u2"], []])
        _ = try allow("u1", "control")
        #expect(try sports.split?.arms.map(\.allow) == [["u2"], ["u1"]])
        _ = try allow("u1", nil)
        _ = try allow("u2", nil)
        #expect(try sports.split == split())
        refused(.invalid(reason: "no arm 'nobody'; there is candidate, control")) {
            _ = try allow("u", "nobody")
        }
    }

    @Test func `a change decided on an older epoch is lost`() throws {
        #expect(throws: RegistryError.epochMoved(expected: 3, found: 4)) {
            try start(split(), expectEpoch: 3)
        }
        try start(split(), expectEpoch: 4)
        let moved = RegistryError.epochMoved(expected: 4, found: 5)
        #expect(throws: moved) {
            _ = try bench.registry.rampSplit(of: "sports", to: 300, expectEpoch: 4, note: note("split ramp"))
        }
        #expect(throws: moved) {
            _ = try bench.registry.stopSplit(of: "sports", expectEpoch: 4, note: note("split stop"))
        }
        #expect(throws: moved) {
            _ = try bench.registry.holdSplit(of: "sports", expectEpoch: 4, note: note("split hold"))
        }
    }

    @Test func `versions and aliases that are not there are refused with those there are`() throws {
        #expect(throws: RegistryError.unknownVersion(9, model: "sports", known: [1, 2, 3])) {
            try start(split(9))
        }
        var aliased = split()
        aliased.arms[0].target = .alias("challenger")
        #expect(throws: RegistryError.unknownAlias("challenger", model: "sports", known: ["champion"])) {
            try start(aliased)
        }
    }

    @Test func `promoting during a split leaves the split as it is, and the control follows the champion`()
        throws
    {
        try start(split())
        try bench.promote(3)
        #expect(try sports.split == split())
        #expect(try sports.split?.arms[1].target.version(in: sports) == 3)
        #expect(try sports.namedVersions == [2, 3])
    }

    @Test func `garbage collection keeps what a split and a shadow name`() throws {
        try bench.push("d")
        try start(split(2))
        _ = try bench.registry.shadow(
            .init(target: .version(3), rate: 100), of: "sports", note: note("shadow"), verifier: accept)
        try bench.registry.collectGarbage(Retention(versions: 1, days: 0), note: note("gc"))
        #expect(try sports.versions.keys.sorted() == [1, 2, 3, 4])
        try stop()
        _ = try bench.registry.shadow(nil, of: "sports", note: note("shadow"), verifier: accept)
        try bench.registry.collectGarbage(
            Retention(versions: 1, days: 0), note: note("gc"), now: 4_000_000_000_000)
        #expect(try sports.versions.keys.sorted() == [1, 4])
    }
}
