import Foundation
import ModelRegistry
import Testing

@Suite struct PromoteTests {
    let bench: TemporaryRegistry

    init() throws {
        bench = try TemporaryRegistry()
        try bench.push("a")
        try bench.push("b")
        try bench.push("c")  // epoch 4
    }

    private var champion: UInt64? {
        get throws { try bench.registry.currentState().models["sports"]?.aliases["champion"] }
    }

    private func rollback(to epoch: UInt64? = nil) throws -> Commit {
        try bench.registry.rollback(model: "sports", toEpoch: epoch, note: note("rollback"))
    }

    @Test func `promoting what is promoted already makes no epoch`() throws {
        #expect(try bench.promote(2).isNew)
        let again = try bench.promote(2)
        #expect(!again.isNew)
        #expect(again.state.epoch == 5)
    }

    @Test func `a promotion decided on an older epoch is lost, and nothing changes`() throws {
        try bench.promote(1)
        #expect(throws: RegistryError.epochMoved(expected: 4, found: 5)) {
            try bench.promote(2, expectEpoch: 4)
        }
        #expect(try champion == 1)
        try bench.promote(2, expectEpoch: 5)
        #expect(try champion == 2)
    }

    @Test func `a promotion decided on another champion is lost, and nothing changes`() throws {
        func promote(_ version: UInt64, expecting current: UInt64) throws -> Commit {
            try bench.registry.promote(
                model: "sports", version: version, expectCurrent: current, note: note("promote"),
                verifier: accept)
        }
        #expect(try promote(1, expecting: 0).isNew)
        #expect(throws: RegistryError.aliasMoved(alias: "champion", model: "sports", expected: 0, found: 1)) {
            _ = try promote(2, expecting: 0)
        }
        #expect(try promote(2, expecting: 1).isNew)
        #expect(try champion == 2)
    }

    @Test func `a lost precondition is found before the version is verified`() throws {
        #expect(throws: RegistryError.epochMoved(expected: 1, found: 4)) {
            _ = try bench.registry.promote(model: "sports", version: 1, expectEpoch: 1, note: note("promote"))
            { _ in
                Issue.record("verified though the promotion was lost")
            }
        }
    }

    @Test func `an epoch committed during verification loses the promotion`() throws {
        #expect(throws: RegistryError.epochMoved(expected: 4, found: 5)) {
            _ = try bench.registry.promote(model: "sports", version: 1, expectEpoch: 4, note: note("promote"))
            { _ in
                try bench.promote(3)
            }
        }
        #expect(try champion == 3)
    }

    @Test func `rollback goes to the champion before, and a second one comes back`() throws {
        try bench.promote(1)
        try bench.promote(2)
        try bench.push("d")
        #expect(try rollback().state.epoch == 8)
        #expect(try champion == 1)
        _ = try rollback()
        #expect(try champion == 2)
        #expect(try bench.registry.currentState().models["sports"]?.versions.count == 4)
    }

    @Test func `rollback to an epoch restores the champion of that epoch and keeps later versions`() throws {
        try bench.promote(3)  // 5
        try bench.promote(2)  // 6
        try bench.promote(1)  // 7
        try bench.push("d")  // 8
        _ = try rollback(to: 5)
        #expect(try champion == 3)
        #expect(try bench.push("e").version == 5)
    }

    @Test func `rollback without an earlier champion is refused`() throws {
        let nothing = RegistryError.nothingToRollBack(alias: "champion", model: "sports")
        #expect(throws: nothing) { _ = try rollback() }
        try bench.promote(1)
        #expect(throws: nothing) { _ = try rollback() }
        #expect(throws: nothing) { _ = try rollback(to: 2) }
        #expect(throws: RegistryError.unknownEpoch(99, newest: 5)) { _ = try rollback(to: 99) }
    }

    @Test func `rollback to a version whose blob was lost is refused`() throws {
        try bench.promote(1)
        try bench.promote(2)
        let weights = try #require(
            try bench.registry.files(of: 1, model: "sports").manifest.files["model.safetensors"])
        let path = bench.blobPath(weights.digest)
        try FileManager.default.removeItem(atPath: path)
        #expect(throws: RegistryError.missingBlob(path: path)) { _ = try rollback() }
        #expect(try champion == 2)
    }

    @Test func `aliases move independently`() throws {
        try bench.promote(1)
        _ = try bench.registry.promote(
            model: "sports", version: 2, alias: "challenger", note: note("promote"), verifier: accept)
        #expect(
            try bench.registry.currentState().models["sports"]?.aliases == ["champion": 1, "challenger": 2])
    }
}
