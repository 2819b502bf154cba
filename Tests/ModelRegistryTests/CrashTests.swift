import Files
import Foundation
import ModelRegistry
import Testing

/// Every operation of every writing command goes wrong in every way; each time the registry must reopen whole, with
/// the old state or the new one, and the command must succeed when it is run again.
@Suite struct CrashTests {
    @Test(arguments: FaultyFileSystem.Fault.allCases)
    func `a push broken off anywhere leaves the registry whole`(_ fault: FaultyFileSystem.Fault) throws {
        try breakEverywhere(by: fault) { registry, bench in
            try registry.push(
                model: "sports", folder: bench.folder("c"), alias: "champion", note: note("push"),
                verifier: accept
            ).commit
        }
    }

    @Test(arguments: FaultyFileSystem.Fault.allCases)
    func `a promotion broken off anywhere leaves the registry whole`(_ fault: FaultyFileSystem.Fault) throws {
        try breakEverywhere(by: fault) { registry, _ in
            try registry.promote(model: "sports", version: 1, note: note("promote"), verifier: accept)
        }
    }

    @Test(arguments: FaultyFileSystem.Fault.allCases)
    func `a rollback broken off anywhere leaves the registry whole`(_ fault: FaultyFileSystem.Fault) throws {
        try breakEverywhere(by: fault) { registry, _ in
            try registry.rollback(model: "sports", toEpoch: 4, note: note("rollback"))
        }
    }

    @Test(arguments: FaultyFileSystem.Fault.allCases)
    func `a collection broken off anywhere leaves the registry whole`(_ fault: FaultyFileSystem.Fault) throws
    {
        try breakEverywhere(by: fault) { registry, _ in
            try registry.collectGarbage(Retention(versions: 1, days: 0), note: note("gc")).commit
        }
    }

    @Test(arguments: FaultyFileSystem.Fault.allCases)
    func `a creation broken off anywhere can be repeated`(_ fault: FaultyFileSystem.Fault) throws {
        let bench = try TemporaryRegistry()
        var operation = 0
        while true {
            operation += 1
            let path = bench.root + "/new-\(operation)"
            let disk = FaultyFileSystem(failing: operation, by: fault)
            let created = Result {
                try Registry.create(at: path, disk: disk, reserveBytes: TemporaryRegistry.reserveBytes)
            }
            if let registry = try? created.get() {
                #expect(try Registry(openingAt: registry.path).currentState().epoch == 1)
            }
            do {
                try Registry.create(at: path, reserveBytes: TemporaryRegistry.reserveBytes)
            } catch RegistryError.alreadyExists {}
            let state = try Registry(openingAt: path).currentState()
            #expect(state.epoch == 1 && state.models.isEmpty, "operation \(operation)")
            if disk.operations < operation { break }
        }
        #expect(operation > 20, "the creation asked for too few operations to have been tested")
    }

    @Test func `that nothing had to change is reported only when the newest epoch is durable`() throws {
        let bench = try TemporaryRegistry()
        try bench.push("a", alias: "champion")
        var failures: [RegistryError] = []
        while true {
            let disk = FaultyFileSystem(failing: failures.count + 1, by: .fails)
            do {
                _ = try Registry(
                    openingAt: bench.path, disk: disk, reserveBytes: TemporaryRegistry.reserveBytes
                ).promote(
                    model: "sports", version: 1, note: note("promote"), verifier: accept)
                break
            } catch {
                failures.append(error)
            }
        }
        #expect(failures.last == .file(.inputOutput(.fsync, path: bench.path + "/state")))
    }

    /// Runs `command` on fresh copies of one registry, with the fault at its first operation, its second, and so on
    /// until it needs no more operations.
    private func breakEverywhere(
        by fault: FaultyFileSystem.Fault, _ command: (Registry, TemporaryRegistry) throws -> Commit
    ) throws {
        let original = try TemporaryRegistry()
        try original.push("a")
        try original.push("b")
        try original.promote(1)  // epoch 4
        try original.promote(2)  // epoch 5
        let before = try original.registry.currentState()
        var operation = 0
        var isPast = false
        while !isPast {
            operation += 1
            let bench = try TemporaryRegistry(copying: original)
            let disk = FaultyFileSystem(failing: operation, by: fault)
            let outcome = Result {
                try command(
                    try Registry(
                        openingAt: bench.path, disk: disk, reserveBytes: TemporaryRegistry.reserveBytes),
                    bench)
            }
            isPast = disk.operations < operation
            let after = try checkWhole(bench)
            switch outcome {
            case .success(let commit): #expect(after == commit.state, "an acknowledged epoch was lost")
            case .failure(RegistryError.uncertainCommit(let epoch, _)): #expect(after.epoch == epoch)
            case .failure:
                #expect(!isPast)
                #expect(after == before || after.epoch == 6, "operation \(operation)")
            }

            let repeated = try command(bench.registry, bench)
            #expect(repeated.state.epoch == 6, "operation \(operation)")
            #expect(try checkWhole(bench).models == repeated.state.models)
        }
        #expect(operation > 15, "the command asked for too few operations to have been tested")
    }

    /// Reopens the registry on the healthy disk: the whole chain and every version must be right.
    private func checkWhole(_ bench: TemporaryRegistry) throws -> RegistryState {
        let registry = try Registry(openingAt: bench.path)
        let history = try registry.history()
        let newest = try #require(history.first)
        #expect(history.map(\.epoch) == Array((1...newest.epoch).reversed()))
        for (name, model) in newest.models {
            for version in model.versions.keys { try registry.verify(version, of: name) }
        }
        return newest
    }
}
