import Files
import Foundation
import ModelRegistry
import Testing

/// A disk that is full: whatever needs no more than a state file must still work.
@Suite struct ReserveTests {
    private let disk = CrashFileSystem(CrashScript.blank)
    private let path = "/disk/registry"
    private let reserve = 64 << 10

    private func fullRegistry() throws -> Registry {
        let registry = try Registry.create(at: path, disk: disk, reserveBytes: reserve)
        for content in ["a", "b"] {
            _ = try registry.push(
                model: "sports", folder: "/disk/model-" + content, alias: "champion", note: note("push"),
                verifier: accept)
        }
        disk.limit(toFree: 0)
        return registry
    }

    private func promote(_ version: UInt64, _ registry: Registry) throws -> Commit {
        try registry.promote(model: "sports", version: version, note: note("promote"), verifier: accept)
    }

    @Test func `on a full disk a push is refused, and aliases still move, many times`() throws {
        let registry = try fullRegistry()
        #expect(throws: RegistryError.self) {
            _ = try registry.push(
                model: "sports", folder: "/disk/model-c", note: note("push"), verifier: accept)
        }
        #expect(try registry.rollback(model: "sports", note: note("rollback")).isNew)
        for round in 0..<10 { #expect(try promote(UInt64(2 - round % 2), registry).isNew) }
        #expect(try registry.history().count == 14)
    }

    @Test func `without a reserve they would not`() throws {
        let registry = try fullRegistry()
        try disk.unlink(path + "/reserve")
        disk.limit(toFree: 0)
        let error = try #require(throws: RegistryError.self) { _ = try promote(1, registry) }
        #expect("\(error)".contains("No space left on device"))
    }

    @Test func `the reserve is made again when there is room`() throws {
        let registry = try fullRegistry()
        _ = try promote(1, registry)
        #expect(try (disk.status(path + "/reserve")?.size ?? 0) < UInt64(reserve))
        disk.limit(toFree: nil)
        _ = try promote(2, registry)
        #expect(try disk.status(path + "/reserve")?.size == UInt64(reserve))
        #expect(try disk.list(path + "/staging") == [])
    }
}
