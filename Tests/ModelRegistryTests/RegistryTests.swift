import Files
import Foundation
import ModelRegistry
import Testing

@Suite struct RegistryTests {
    let bench: TemporaryRegistry

    init() throws { bench = try TemporaryRegistry() }

    @Test func `a new registry is at epoch 1 without models`() throws {
        let state = try bench.registry.currentState()
        #expect(state.epoch == 1)
        #expect(state.previous == nil)
        #expect(state.models.isEmpty)
        #expect(try bytes(of: bench.path + "/format") == Array("{\"dien_registry\":1}\n".utf8))
    }

    @Test func `creating a second registry at the same place is refused`() throws {
        #expect(throws: RegistryError.alreadyExists(path: bench.path)) {
            try Registry.create(at: bench.path)
        }
        #expect(try bench.registry.currentState().epoch == 1)
    }

    @Test func `a folder that holds other files becomes a registry, and one without a format is none`() throws
    {
        let path = bench.root + "/documented"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        #expect(throws: RegistryError.notARegistry(path: path)) { _ = try Registry(openingAt: path) }
        try Data("read me".utf8).write(to: URL(fileURLWithPath: path + "/README.md"))
        try Registry.create(at: path + "/")
        #expect(try Registry(openingAt: path).currentState().epoch == 1)
        #expect(try bytes(of: path + "/README.md") == Array("read me".utf8))
    }

    @Test(arguments: [
        "{\"dien_registry\":2}\n", "", "{}", "1", "{\"dien_registry\":", "{\"dien_registry\":1.5}",
    ])
    func `another format is refused`(_ content: String) throws {
        try bench.overwrite(bench.path + "/format", Array(content.utf8))
        #expect(throws: RegistryError.unsupportedFormat(path: bench.path + "/format")) {
            _ = try Registry(openingAt: bench.path)
        }
    }

    @Test func `a pushed version has the folder's bytes under their digests, read-only`() throws {
        let folder = try bench.folder("a")
        let push = try bench.registry.push(
            model: "sports", folder: folder, note: note("push"), verifier: accept)
        #expect(push.version == 1)
        #expect(push.commit.isNew)
        #expect(push.commit.state.epoch == 2)
        let files = try bench.registry.files(of: 1, model: "sports")
        #expect(files.manifest.files.keys.sorted() == ModelFile.all.map(\.name).sorted())
        for (name, descriptor) in files.manifest.files {
            let original = try bytes(of: folder + "/" + name)
            #expect(descriptor.digest == Digest(hashing: original))
            #expect(descriptor.size == UInt64(original.count))
            let mapped = try files.map(name)
            #expect(mapped.copy(0..<mapped.count) == original)
            let mode = try FileManager.default.attributesOfItem(atPath: bench.blobPath(descriptor.digest))[
                .posixPermissions]
            #expect(mode as? Int == 0o444)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.path + "/staging") == [])
    }

    @Test func `files larger than a chunk are copied whole`() throws {
        let folder = try bench.folder("big")
        let content = (0..<3_500_001).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 5) }
        try Data(content).write(to: URL(fileURLWithPath: folder + "/model.safetensors"))
        _ = try bench.registry.push(model: "sports", folder: folder, note: note("push"), verifier: accept)
        let mapped = try bench.registry.files(of: 1, model: "sports").map("model.safetensors")
        #expect(mapped.copy(0..<mapped.count) == content)
    }

    @Test func `pushing equal content gives the same version and no epoch`() throws {
        try bench.push("a")
        let second = try bench.push("b")
        #expect(second.version == 2)
        let again = try bench.push("a")
        #expect(again.version == 1)
        #expect(!again.commit.isNew)
        #expect(again.commit.state.epoch == second.commit.state.epoch)
        let promoted = try bench.push("a", alias: "champion")
        #expect(promoted.version == 1)
        #expect(promoted.commit.isNew)
        #expect(promoted.commit.state.models["sports"]?.aliases == ["champion": 1])
    }

    @Test func `the same folder has one identity in every registry`() throws {
        let other = try TemporaryRegistry()
        #expect(try bench.push("a").manifest == other.push("a").manifest)
        #expect(try bench.push("a", model: "beauty").manifest != other.push("a").manifest)
    }

    @Test func `a folder without one of the files is refused by the file's name`() throws {
        let folder = try bench.folder("a")
        try FileManager.default.removeItem(atPath: folder + "/golden.jsonl")
        #expect(throws: RegistryError.missingModelFile(path: folder + "/golden.jsonl")) {
            _ = try bench.registry.push(model: "sports", folder: folder, note: note("push"), verifier: accept)
        }
        #expect(try bench.registry.currentState().epoch == 1)
    }

    @Test func `a version that the verifier refuses is not committed`() throws {
        struct NotFinite: Error, CustomStringConvertible { let description = "NaN in gru.weight" }
        #expect(throws: RegistryError.refused(model: "sports", reason: "NaN in gru.weight")) {
            _ = try bench.registry.push(model: "sports", folder: bench.folder("a"), note: note("push")) {
                #expect(try $0.map("config.json").count > 0)
                throw NotFinite()
            }
        }
        #expect(try bench.registry.currentState().epoch == 1)
        try bench.push("a")
        #expect(throws: RegistryError.refused(model: "sports", reason: "NaN in gru.weight")) {
            _ = try bench.registry.promote(model: "sports", version: 1, note: note("promote")) { _ in
                throw NotFinite()
            }
        }
        #expect(try bench.registry.currentState().models["sports"]?.aliases == [:])
    }

    @Test func `unknown models, versions and epochs are named with those there are`() throws {
        try bench.push("a")
        #expect(throws: RegistryError.unknownModel("beauty", known: ["sports"])) {
            try bench.promote(1, model: "beauty")
        }
        #expect(throws: RegistryError.unknownVersion(7, model: "sports", known: [1])) { try bench.promote(7) }
        #expect(throws: RegistryError.unknownEpoch(9, newest: 2)) { _ = try bench.registry.state(epoch: 9) }
        #expect(bench.registry.hasEpoch(2))
        #expect(!bench.registry.hasEpoch(3))
    }

    @Test func `the log tells who did what, when and why, newest first`() throws {
        try bench.push("a")
        _ = try bench.registry.promote(
            model: "sports", version: 1, note: note("promote sports 1", reason: "AUC +0.3 %"),
            verifier: accept)
        let log = try bench.registry.history()
        #expect(log.map(\.epoch) == [3, 2, 1])
        #expect(log[0].reason == "AUC +0.3 %")
        #expect(log[0].command == "promote sports 1")
        #expect(log[0].actor == "tester@bench")
        #expect(log[0].time.hasSuffix("Z"))
        #expect(try bench.registry.history(limit: 2).map(\.epoch) == [3, 2])
        #expect(try bench.registry.history(limit: 0).isEmpty)
    }

    @Test(arguments: ["", "two\nlines", "bell\u{7}", "sep\u{2028}", String(repeating: "x", count: 1025)])
    func `a reason that cannot stand on one line is refused`(_ reason: String) throws {
        try bench.push("a")
        #expect(throws: RegistryError.invalidText(field: "reason")) {
            _ = try bench.registry.promote(
                model: "sports", version: 1, note: note("promote", reason: reason), verifier: accept)
        }
        #expect(try bench.registry.currentState().epoch == 2)
    }

    @Test(arguments: ["slash / quote \" back \\ slash", "naïve 用户 🙂", "<&>'"])
    func `any other reason is kept letter by letter`(_ reason: String) throws {
        try bench.push("a")
        _ = try bench.registry.promote(
            model: "sports", version: 1, note: note("promote", reason: reason), verifier: accept)
        #expect(try bench.registry.currentState().reason == reason)
    }

    @Test func `a reader that knows an epoch finds the newest without a list`() throws {
        let temporary = try TemporaryRegistry()
        for content in ["a", "b", "c"] { try temporary.push(content) }
        let registry = temporary.registry
        for known in 1...4 as ClosedRange<UInt64> {
            #expect(try registry.newestState(from: known) == registry.currentState())
        }
        #expect(throws: RegistryError.unknownEpoch(5, newest: 4)) { try registry.newestState(from: 5) }
    }
}
