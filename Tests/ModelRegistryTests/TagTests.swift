import Foundation
import ModelRegistry
import Testing

@Suite struct TagTests {
    let bench: TemporaryRegistry

    init() throws {
        bench = try TemporaryRegistry()
        try bench.push("a", alias: "champion")
        try bench.push("b")
    }

    private func tag(_ version: UInt64, as name: String) throws -> Commit {
        try bench.registry.tag(model: "sports", version: version, as: name, note: note("tag"))
    }

    @Test func `a tag names its version for good`() throws {
        #expect(try tag(1, as: "launch").isNew)
        #expect(try !tag(1, as: "launch").isNew)
        #expect(throws: RegistryError.tagTaken("launch", model: "sports", version: 1)) {
            _ = try tag(2, as: "launch")
        }
        try bench.promote(2)
        #expect(try bench.registry.currentState().versionNumber("launch", of: "sports") == 1)
    }

    @Test func `a name is a tag or an alias, never both`() throws {
        #expect(throws: RegistryError.tagTaken("champion", model: "sports", version: 1)) {
            _ = try tag(1, as: "champion")
        }
        _ = try tag(1, as: "launch")
        let taken = RegistryError.tagTaken("launch", model: "sports", version: 1)
        #expect(throws: taken) {
            _ = try bench.registry.promote(
                model: "sports", version: 2, alias: "launch", note: note("promote"), verifier: accept)
        }
        #expect(throws: taken) { try bench.push("c", alias: "launch") }
    }

    @Test(arguments: ["17", "Launch", "", "../x"]) func `a tag that reads as something else is refused`(
        _ name: String
    ) throws {
        #expect(throws: RegistryError.invalidName(name, role: "tag")) { _ = try tag(1, as: name) }
    }

    @Test func `a tag that was taken away may be given anew`() throws {
        _ = try tag(1, as: "launch")
        _ = try bench.registry.untag(model: "sports", tag: "launch", note: note("untag"))
        #expect(try tag(2, as: "launch").isNew)
        #expect(throws: RegistryError.unknownAlias("other", model: "sports", known: ["launch"])) {
            _ = try bench.registry.untag(model: "sports", tag: "other", note: note("untag"))
        }
    }

    @Test func `states without tags are spelt as before there were tags`() throws {
        let text = String(decoding: try bytes(of: bench.statePath(3)), as: UTF8.self)
        #expect(!text.contains("tags"))
        _ = try tag(2, as: "launch")
        let tagged = String(decoding: try bytes(of: bench.statePath(4)), as: UTF8.self)
        #expect(tagged.contains("\"aliases\":{\"champion\":1},\"tags\":{\"launch\":2},\"versions\":"))
    }
}
