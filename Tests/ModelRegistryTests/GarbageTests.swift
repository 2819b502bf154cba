import Files
import Foundation
import ModelRegistry
import Testing

@Suite struct GarbageTests {
    let bench: TemporaryRegistry

    init() throws {
        bench = try TemporaryRegistry()
        for content in ["a", "b", "c", "d", "e"] { try bench.push(content) }
        try bench.promote(2)
        try bench.promote(4)  // epoch 8
    }

    private var numbers: [UInt64] {
        get throws { try bench.registry.currentState().model("sports").versions.keys.sorted() }
    }

    private var blobs: Set<String> {
        get throws {
            let names = try FileManager.default.subpathsOfDirectory(atPath: bench.path + "/blobs/sha256")
            return Set(names.filter { $0.utf8.count == 67 })
        }
    }

    @discardableResult
    private func collect(_ versions: Int, days: Int, now: UInt64 = WallClock.unixMilliseconds() + 1000) throws
        -> Garbage
    {
        try bench.registry.collectGarbage(
            Retention(versions: versions, days: days), note: note("gc"), now: now
        ).garbage
    }

    @Test func `what the newest versions, the aliases and the tags need stays, everything else goes`() throws
    {
        _ = try bench.registry.tag(model: "sports", version: 1, as: "launch", note: note("tag"))
        let before = try blobs
        let garbage = try collect(1, days: 0)
        #expect(garbage.versions.map(\.version) == [2, 3])
        #expect(try numbers == [1, 4, 5])
        // Each of the two has four files of its own and a manifest.
        #expect(garbage.blobs.count == 10)
        #expect(try blobs.count == before.count - 10)
        for version in try numbers { try bench.registry.verify(version, of: "sports") }
        #expect(try bench.registry.history().count == 10)
    }

    @Test func `what an alias named in the last days stays, also if it was named long before`() throws {
        let day: UInt64 = 86_400_000
        let now = WallClock.unixMilliseconds()
        // Version 2 was champion until today's promotion of 4, so it was in force within any number of days.
        #expect(try collect(1, days: 1, now: now).versions.map(\.version) == [1, 3])
        #expect(try collect(1, days: 3, now: now + 3 * day + day / 2).versions.map(\.version) == [2])
    }

    @Test func `a dry run changes nothing and tells the same`() throws {
        let before = try FileManager.default.subpathsOfDirectory(atPath: bench.path).sorted()
        let garbage = try bench.registry.garbage(Retention(versions: 1, days: 0))
        #expect(try FileManager.default.subpathsOfDirectory(atPath: bench.path).sorted() == before)
        #expect(try collect(1, days: 0) == garbage)
        #expect(garbage.bytes > 0)
    }

    @Test func `a second collection finds nothing and makes no epoch`() throws {
        try collect(1, days: 0)
        let epoch = try bench.registry.currentState().epoch
        let garbage = try collect(1, days: 0)
        #expect(garbage.versions.isEmpty && garbage.blobs.isEmpty)
        #expect(try bench.registry.currentState().epoch == epoch)
    }

    @Test func `numbers of versions that went are not given again, and equal content gets a new one`() throws
    {
        try collect(1, days: 0)
        #expect(try bench.push("a").version == 6)
        try bench.registry.verify(6, of: "sports")
    }

    @Test func `blobs that two versions share stay with the one that stays`() throws {
        let shared = try bench.folder("e")
        try Data("other".utf8).write(to: URL(fileURLWithPath: shared + "/golden.jsonl"))
        _ = try bench.registry.push(model: "beauty", folder: shared, note: note("push"), verifier: accept)
        try bench.push("f")
        try bench.push("g")
        try collect(1, days: 0)
        #expect(try numbers == [4, 7])
        try bench.registry.verify(1, of: "beauty")
    }

    @Test func `what was left over is swept, and a version whose blobs wait for their commit is not`() throws
    {
        try Data("x".utf8).write(to: URL(fileURLWithPath: bench.path + "/staging/1-abc"))
        _ = try bench.registry.push(model: "sports", folder: bench.folder("f"), note: note("push")) { _ in
            #expect(throws: RegistryError.busy(path: bench.path)) { try collect(1, days: 0) }
        }
        try bench.registry.verify(6, of: "sports")
        #expect(try collect(5, days: 0).leftovers == [bench.path + "/staging/1-abc"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.path + "/staging") == [])
    }

    @Test func `what somebody leases stays until the lease ends`() throws {
        let leased = try bench.registry.currentState().version(3, of: "sports").manifest.digest
        do {
            let lease = Lease(on: bench.registry)
            try lease.hold([leased])
            try lease.hold([leased, Digest(hashing: [1])])
            #expect(throws: RegistryError.self, "what is leased cannot be read") { try collect(1, days: 0) }
            try lease.hold([leased])
            #expect(try collect(1, days: 0).versions.map(\.version) == [1, 2])
            try bench.registry.verify(3, of: "sports")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.path + "/leases") == [])
        #expect(try collect(1, days: 0).versions.map(\.version) == [3])
    }

    @Test func `a lease is written when it changes or is gone, and left alone otherwise`() throws {
        let lease = Lease(on: bench.registry)
        func inode() throws -> Int {
            let name = try #require(
                FileManager.default.contentsOfDirectory(atPath: bench.path + "/leases").first)
            let facts = try FileManager.default.attributesOfItem(atPath: bench.path + "/leases/" + name)
            return try #require(facts[.systemFileNumber] as? Int)
        }
        try lease.hold([Digest(hashing: [1])])
        let first = try inode()
        try lease.hold([Digest(hashing: [1])])
        #expect(try inode() == first)
        try lease.hold([Digest(hashing: [1]), Digest(hashing: [2])])
        #expect(try inode() != first)
        for name in try FileManager.default.contentsOfDirectory(atPath: bench.path + "/leases") {
            try FileManager.default.removeItem(atPath: bench.path + "/leases/" + name)
        }
        try lease.hold([Digest(hashing: [1]), Digest(hashing: [2])])
        _ = try inode()
    }

    @Test func `a lease whose process is gone counts no longer and is swept`() throws {
        try FileManager.default.createDirectory(
            atPath: bench.path + "/leases", withIntermediateDirectories: false)
        let path = bench.path + "/leases/other-4711-ab"
        let digest = try bench.registry.currentState().version(3, of: "sports").manifest.digest
        try Data("\(digest)\n".utf8).write(to: URL(fileURLWithPath: path))
        let garbage = try collect(1, days: 0)
        #expect(garbage.leases == [path])
        #expect(garbage.versions.map(\.version) == [1, 2, 3])
    }

    @Test func `nothing is collected while a manifest that is needed cannot be read`() throws {
        let digest = try bench.registry.currentState().version(5, of: "sports").manifest.digest
        try bench.overwrite(bench.blobPath(digest), [1])
        let before = try blobs
        #expect(throws: RegistryError.self) { try collect(1, days: 0) }
        #expect(try blobs == before)
    }
}
