import Files
import Foundation
import ModelRegistry
import Testing

@Suite struct CheckTests {
    let bench: TemporaryRegistry
    let copy: TemporaryRegistry

    init() throws {
        bench = try TemporaryRegistry()
        try bench.push("a", alias: "champion")
        try bench.push("b")
        try bench.promote(2)  // epoch 4
        copy = try TemporaryRegistry(copying: bench)
    }

    private func weights(_ version: UInt64) throws -> Descriptor {
        try #require(
            try bench.registry.files(of: version, model: "sports").manifest.files["model.safetensors"])
    }

    private func kinds(_ report: CheckReport) -> [Finding.Kind] { report.findings.map(\.kind) }

    /// Damage of every kind, one after the other; each is found, repaired from the copy, and kept.
    @Test func `what is damaged is found, and repaired from a copy, byte for byte`() throws {
        let manifest = try bench.registry.currentState().version(1, of: "sports").manifest
        let blob = bench.blobPath(try weights(2).digest)
        let damages: [(String, Finding.Kind, (String) throws -> Void)] = [
            (blob, .damagedBlob, { try bench.overwrite($0, Array("x".utf8)) }),
            (blob, .damagedBlob, { try bench.overwrite($0, bytes(of: $0).reversed()) }),
            (blob, .missingBlob, { try FileManager.default.removeItem(atPath: $0) }),
            (bench.blobPath(manifest.digest), .damagedBlob, { try bench.overwrite($0, [1]) }),
            (bench.statePath(4), .damagedState, { try bench.overwrite($0, bytes(of: $0).dropLast(20)) }),
            (bench.statePath(2), .damagedState, { try bench.overwrite($0, bytes(of: bench.statePath(3))) }),
            (bench.statePath(3), .missingState, { try FileManager.default.removeItem(atPath: $0) }),
            (bench.statePath(1), .damagedState, { try bench.overwrite($0, []) }),
        ]
        for (path, kind, damage) in damages {
            let good = try bytes(of: path)
            try damage(path)
            let found = try bench.registry.check()
            #expect(found.findings.first { $0.isDamage }?.path == path)
            #expect(kinds(found).contains(kind))
            #expect(!found.isWhole)
            #expect(try bench.registry.check() == found, "a check without a copy changes nothing")

            let repaired = try bench.registry.check(repairingFrom: copy.registry)
            #expect(repaired.isWhole && repaired.findings.contains { $0.path == path && $0.repaired })
            #expect(try bytes(of: path) == good)
            #expect(try bench.registry.check().findings.isEmpty, "\(path)")
        }
        let kept = try FileManager.default.contentsOfDirectory(atPath: bench.path + "/quarantine")
        #expect(kept.count == damages.count - 2)
    }

    @Test func `a whole registry is whole, and what is merely not needed is told`() throws {
        #expect(try bench.registry.check().blobs == 10)
        #expect(try bench.registry.check().findings.isEmpty)
        try Data("x".utf8).write(to: URL(fileURLWithPath: bench.path + "/staging/1-a"))
        #expect(throws: RegistryError.self) {
            _ = try bench.registry.push(model: "sports", folder: bench.folder("c"), note: note("push")) { _ in
                throw RegistryError.invalidText(field: "x")
            }
        }
        let report = try bench.registry.check()
        #expect(report.isWhole)
        #expect(Set(kinds(report)) == [.unreferencedBlob, .leftover])
    }

    @Test func `another registry's files repair nothing`() throws {
        let other = try TemporaryRegistry()
        try other.push("x")
        try other.push("y")
        try other.push("z")
        try FileManager.default.removeItem(atPath: bench.blobPath(try weights(2).digest))
        try bench.overwrite(bench.statePath(3), [1])
        let report = try bench.registry.check(repairingFrom: other.registry)
        #expect(!report.isWhole)
        #expect(report.findings.allSatisfy { !$0.repaired })
    }

    @Test func `a copy that is damaged in the same place repairs nothing`() throws {
        let path = bench.blobPath(try weights(2).digest)
        try bench.overwrite(path, [1])
        try copy.overwrite(copy.blobPath(try weights(2).digest), [2])
        #expect(try !bench.registry.check(repairingFrom: copy.registry).isWhole)
        #expect(try bytes(of: path) == [1])
    }

    @Test func `scrubbing finds what rotted, at the rate it was given, and stops when asked`() throws {
        let quick = Scrubber(bench.registry)
        #expect(try quick.run() == quick.run())
        #expect(try quick.run().blobs == 8)
        try bench.overwrite(bench.blobPath(try weights(2).digest), [1])
        #expect(try quick.run().findings.map(\.path) == [bench.blobPath(try weights(2).digest)])

        let folder = try bench.folder("big")
        try Data(repeating: 7, count: 3 << 20).write(to: URL(fileURLWithPath: folder + "/model.safetensors"))
        _ = try bench.registry.push(model: "sports", folder: folder, note: note("push"), verifier: accept)
        let begin = MonotonicClock.nanoseconds()
        let slow = try Scrubber(bench.registry, bytesPerSecond: 10 << 20).run()
        #expect(slow.bytes > 3 << 20)
        #expect(MonotonicClock.nanoseconds() - begin > 290_000_000)
        #expect(try !Scrubber(bench.registry, bytesPerSecond: 1).run { true }.isComplete)
    }
}
