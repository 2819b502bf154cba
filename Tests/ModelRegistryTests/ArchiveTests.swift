import Files
import Foundation
import ModelRegistry
import Testing

@Suite struct ArchiveTests {
    let bench: TemporaryRegistry
    let other: TemporaryRegistry
    let file: String

    init() throws {
        bench = try TemporaryRegistry()
        other = try TemporaryRegistry()
        try bench.push("a")
        file = bench.root + "/a.dien"
    }

    private func export() throws -> [UInt8] {
        try bench.registry.export(1, of: "sports", to: file)
        return try bytes(of: file)
    }

    /// Imports these bytes into the other registry.
    private func load(_ bytes: [UInt8], expecting: Digest? = nil) throws -> Push {
        let path = other.root + "/import-\(UUID().uuidString)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return try other.registry.importVersion(
            from: path, expecting: expecting, note: note("import"), verifier: accept)
    }

    @Test func `a version arrives as it left, whatever was there before`() throws {
        let manifest = try bench.registry.currentState().version(1, of: "sports").manifest
        let archive = try export()
        try other.push("x")
        let push = try load(archive, expecting: manifest.digest)
        #expect(push.version == 2)
        #expect(push.manifest == manifest)
        try other.registry.verify(2, of: "sports")
        #expect(try !load(archive).commit.isNew)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: bench.root).filter { $0.hasSuffix("partial") }
                .isEmpty)
    }

    @Test func `the file is what the specification says`() throws {
        let archive = try export()
        let manifest = try bytes(
            of: bench.blobPath(try bench.registry.currentState().version(1, of: "sports").manifest.digest))
        var expected =
            Array("dien-version/1\n".utf8) + [UInt8(manifest.count & 255), UInt8(manifest.count >> 8)]
        expected += [0, 0, 0, 0, 0, 0] + manifest
        for name in ["config.json", "golden.jsonl", "model.safetensors", "vocabulary.safetensors"] {
            expected += Array("\(name) of a".utf8)
        }
        #expect(archive == expected)
    }

    @Test func `an existing file is not written over, and an unexpected version is not stored`() throws {
        let archive = try export()
        #expect(throws: RegistryError.targetExists(path: file)) { _ = try export() }
        #expect(throws: RegistryError.self) { _ = try load(archive, expecting: Digest(hashing: [])) }
        #expect(!FileManager.default.fileExists(atPath: other.path + "/blobs/sha256/ab"))
        #expect(try other.registry.check().findings.isEmpty)
    }

    @Test func `every truncation, every flipped bit and any extension are refused, and nothing is committed`()
        throws
    {
        let archive = try export()
        let contents = ModelFile.all.reduce(0) { $0 + "\($1.name) of a".utf8.count }
        for length in 0..<archive.count { expectRefusal(Array(archive[..<length]), "\(length) bytes") }
        expectRefusal(archive + [0], "extended")
        for byte in archive.indices {
            for bit in 0..<8 {
                var damaged = archive
                damaged[byte] ^= 1 << UInt8(bit)
                expectRefusal(
                    damaged, "byte \(byte), bit \(bit)", verifiable: byte < archive.count - contents)
            }
        }
        #expect(try other.registry.currentState().epoch == 1)
    }

    /// Refused before the verifier sees it. A letter of a name may become another one that is allowed: that is another
    /// version, honestly, whose blobs are whole.
    private func expectRefusal(_ bytes: [UInt8], _ what: Comment, verifiable: Bool = false) {
        let path = other.root + "/import"
        let error = #expect(throws: RegistryError.self, what) {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            _ = try other.registry.importVersion(from: path, note: note("import")) { files in
                for name in files.manifest.files.keys { _ = try files.map(name) }
                throw RegistryError.unknownFile("verified", model: "sports")
            }
        }
        if error == .unknownFile("verified", model: "sports") {
            #expect(verifiable, what)
        } else {
            guard case .corruptArchive = error else {
                Issue.record("\(what): \(String(describing: error))")
                return
            }
        }
    }

    @Test(arguments: [
        ("\"config.json\"", "\"../../c.json\""), ("\"model\":\"sports\"", "\"model\":\"../rts\""),
        ("\"size\":16", "\"size\":17"), ("\"size\":16", "\"size\":18446744073709551615"),
        ("dien-manifest/1", "dien-manifest/2"), ("\"format\"", "\"formal\""),
    ]) func `a hostile manifest is refused with the reason`(_ old: String, _ new: String) throws {
        let manifest = try bytes(
            of: bench.blobPath(try bench.registry.currentState().version(1, of: "sports").manifest.digest))
        let text = String(decoding: manifest, as: UTF8.self)
        #expect(text.contains(old))
        let hostile = Array(text.replacingOccurrences(of: old, with: new).utf8)
        let rest = try export().dropFirst(15 + 8 + manifest.count)
        let length = (0..<8).map { UInt8(truncatingIfNeeded: hostile.count >> (8 * $0)) }
        let error = try #require(throws: RegistryError.self) {
            _ = try load(Array("dien-version/1\n".utf8) + length + hostile + rest)
        }
        #expect("\(error)".contains("is no exported version"))
        #expect(try other.registry.check().findings.isEmpty)
    }

    @Test func `an absurd length is refused before anything of that length is made`() throws {
        let error = try #require(throws: RegistryError.self) {
            _ = try load(Array("dien-version/1\n".utf8) + [UInt8](repeating: 255, count: 8))
        }
        #expect("\(error)".contains("18446744073709551615 bytes is more than a manifest may have"))
    }
}
