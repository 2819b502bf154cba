import Files
import Foundation
import ModelRegistry
import Testing

@Suite struct CorruptionTests {
    let bench: TemporaryRegistry

    init() throws {
        bench = try TemporaryRegistry()
        try bench.push("a", alias: "champion")
        try bench.push("b")
        try bench.promote(2)  // epoch 4
    }

    /// The descriptor of a file of version 1.
    private func descriptor(_ name: String) throws -> Descriptor {
        try #require(try bench.registry.files(of: 1, model: "sports").manifest.files[name])
    }

    /// The file that the registry's newest state is refused for; nil when it is accepted.
    private func refusal() -> String? {
        do {
            _ = try bench.registry.currentState()
            return nil
        } catch {
            switch error {
            case .corruptState(let path, _), .brokenChain(let path, _, _): return path
            default: return "\(error)"
            }
        }
    }

    @Test func `every flipped bit of a blob is refused by the blob's path`() throws {
        let descriptor = try descriptor("config.json")
        let path = bench.blobPath(descriptor.digest)
        let good = try bytes(of: path)
        for bit in 0..<good.count * 8 {
            var bad = good
            bad[bit / 8] ^= 1 << UInt8(bit % 8)
            try bench.overwrite(path, bad)
            #expect(
                throws: RegistryError.blobDigest(
                    path: path, expected: descriptor.digest, found: Digest(hashing: bad))
            ) { try bench.registry.verify(1, of: "sports") }
        }
    }

    @Test func `every truncation and an extension of a blob are refused without computing a digest`() throws {
        let descriptor = try descriptor("config.json")
        let path = bench.blobPath(descriptor.digest)
        let good = try bytes(of: path)
        for bad in (0..<good.count).map({ Array(good[..<$0]) }) + [good + [0]] {
            try bench.overwrite(path, bad)
            #expect(
                throws: RegistryError.blobSize(
                    path: path, expected: UInt64(good.count), found: UInt64(bad.count))
            ) { _ = try bench.registry.map(descriptor, verifyingDigest: false) }
        }
    }

    @Test func `a missing blob and a link in a blob's place are refused`() throws {
        let descriptor = try descriptor("golden.jsonl")
        let path = bench.blobPath(descriptor.digest)
        try FileManager.default.moveItem(atPath: path, toPath: path + ".moved")
        #expect(throws: RegistryError.missingBlob(path: path)) { try bench.registry.verify(1, of: "sports") }
        try FileManager.default.createSymbolicLink(
            atPath: path, withDestinationPath: path + ".moved")
        #expect(throws: RegistryError.file(.notRegularFile(path: path))) {
            try bench.registry.verify(1, of: "sports")
        }
    }

    @Test func `pushing again mends a damaged blob, and who has it mapped keeps what was mapped`() throws {
        let descriptor = try descriptor("config.json")
        let path = bench.blobPath(descriptor.digest)
        let good = try bytes(of: path)
        try bench.overwrite(path, good.reversed())
        let mapped = try bench.registry.map(descriptor, verifyingDigest: false)
        let push = try bench.push("a")
        #expect(push.version == 1)
        #expect(!push.commit.isNew)
        try bench.registry.verify(1, of: "sports")
        #expect(mapped.copy(0..<mapped.count) == good.reversed())
    }

    @Test func `the newest state with any byte changed or at any length but its own is refused by its path`()
        throws
    {
        let path = bench.statePath(4)
        let good = try bytes(of: path)
        for position in 0..<good.count {
            let flipped = good.enumerated().map { $0 == position ? $1 ^ (1 << UInt8(position % 8)) : $1 }
            for bad in [Array(good[..<position]), flipped] {
                try bench.overwrite(path, bad)
                #expect(refusal() == path, "byte \(position) changed")
            }
        }
    }

    @Test func `a damaged older state is refused, whatever byte was changed`() throws {
        let path = bench.statePath(3)
        let good = try bytes(of: path)
        for position in stride(from: 0, to: good.count, by: 3) {
            for bad in [Array(good[..<position]), good.enumerated().map { $0 == position ? $1 ^ 1 : $1 }] {
                try bench.overwrite(path, bad)
                let refusal = refusal()
                #expect(refusal == path || refusal == bench.statePath(4), "byte \(position) changed")
            }
        }
    }

    @Test func `two states that changed places are refused, and so is one in another's name`() throws {
        let third = try bytes(of: bench.statePath(3))
        let fourth = try bytes(of: bench.statePath(4))
        try bench.overwrite(bench.statePath(4), third)
        #expect(
            throws: RegistryError.corruptState(path: bench.statePath(4), reason: "it says that it is epoch 3")
        ) { _ = try bench.registry.currentState() }
        try bench.overwrite(bench.statePath(3), fourth)
        #expect(throws: RegistryError.self) { _ = try bench.registry.state(epoch: 3) }
    }

    @Test func `a chain with another link is refused by the file that names it`() throws {
        let other = try TemporaryRegistry()
        try other.push("x")
        try other.push("y")
        let foreign = try bytes(of: other.statePath(3))
        let expected = Digest(hashing: foreign)
        let fourth = try bench.registry.currentState()
        try bench.overwrite(bench.statePath(3), foreign)
        #expect(
            throws: RegistryError.brokenChain(
                path: bench.statePath(4), expected: expected, found: try #require(fourth.previous))
        ) { _ = try bench.registry.currentState() }
    }

    @Test func `a hole in the chain is refused`() throws {
        try FileManager.default.removeItem(atPath: bench.statePath(3))
        #expect(
            throws: RegistryError.corruptState(
                path: bench.statePath(3), reason: "missing, though a later epoch follows it")
        ) { _ = try bench.registry.currentState() }
    }

    @Test func `unknown files are passed over`() throws {
        for name in ["README", "000000000005.json~", ".000000000009.json.swp", "5.json", "000000000000.json"]
        {
            try Data("x".utf8).write(to: URL(fileURLWithPath: bench.path + "/state/" + name))
        }
        #expect(try bench.registry.currentState().epoch == 4)
    }

    @Test(arguments: [
        ("\"epoch\":4", "\"epoch\":4,\"epoch\":4", "not in canonical form"),
        ("\"epoch\":4", "\"epoch\": 4", "not in canonical form"),
        ("\"epoch\":4", "\"epoch\":4.0", "not in canonical form"),
        ("\"epoch\":4", "\"epoch\":5", "its checksum says"),
        ("\"epoch\":4", "\"epoch\":-4", "not valid JSON"),
        ("\"epoch\":4", "\"epoch\":18446744073709551616", "not valid JSON"),
        ("\"epoch\":4", "\"split\":{},\"epoch\":4", "unknown key 'split'"),
        ("dien-registry-state/1", "dien-registry-state/2", "'dien-registry-state/2' is not supported"),
        ("\"champion\":2", "\"champion\":1", "its checksum says"),
        ("\"champion\":2", "\"champion\":9", "the alias 'champion'"),
        ("\"champion\":2", "\"Champion\":2", "the alias 'Champion'"),
        ("\"champion\":2", "\"../x\":2", "the alias '../x'"),
        ("\"sports\":", "\"spo/rts\":", "the model name 'spo/rts'"),
        ("\"2\":{\"manifest\"", "\"02\":{\"manifest\"", "'02' is not a version number"),
        ("\"2\":{\"manifest\"", "\"0\":{\"manifest\"", "'0' is not a version number"),
        ("\"digest\":\"sha256:", "\"digest\":\"sha512:", "is no digest"),
        ("\"command\":\"promote\"", "\"command\":\"\"", "not one line"),
        ("\"command\":\"promote\"", "\"command\":\"a\\nb\"", "not one line"),
        ("\"actor\":", "\"author\":", "unknown key 'author'"),
        ("\"aliases\":{\"champion\":2},", "", "'aliases' is missing"),
    ]) func `a state that is well-formed but wrong is refused with the reason`(
        _ old: String, _ new: String, _ reason: String
    ) throws {
        let path = bench.statePath(4)
        let text = try String(decoding: bytes(of: path), as: UTF8.self)
        #expect(text.contains(old))
        try bench.overwrite(path, Array(text.replacingOccurrences(of: old, with: new).utf8))
        let error = try #require(throws: RegistryError.self) { _ = try bench.registry.currentState() }
        #expect(error.description.hasPrefix(path + " is damaged: "))
        #expect(error.description.contains(reason))
    }

    @Test func `a manifest of another model or another media type is refused`() throws {
        let version = try bench.registry.currentState().version(1, of: "sports")
        #expect(throws: RegistryError.self) { _ = try bench.registry.files(of: version, model: "beauty") }
        let weights = try descriptor("model.safetensors")
        #expect(throws: RegistryError.self) { _ = try bench.registry.manifest(weights) }
        let posing = Descriptor(mediaType: Manifest.mediaType, digest: weights.digest, size: weights.size)
        let error = try #require(throws: RegistryError.self) { _ = try bench.registry.manifest(posing) }
        #expect(error.description.contains(bench.blobPath(weights.digest)))
    }

    @Test func `a state of absurd size is refused before it is read`() throws {
        let path = bench.statePath(5)
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.truncate(atOffset: 1 << 40)
        try file.close()
        #expect(throws: RegistryError.file(.tooLarge(path: path, bytes: 1 << 40, limit: 16 << 20))) {
            _ = try bench.registry.currentState()
        }
    }
}
