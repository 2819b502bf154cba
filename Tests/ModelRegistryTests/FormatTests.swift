import Foundation
import ModelRegistry
import Testing

@Suite struct FormatTests {
    let bench: TemporaryRegistry

    init() throws { bench = try TemporaryRegistry() }

    @Test func `a state is spelt as the specification says, to the byte`() throws {
        let push = try bench.registry.push(
            model: "sports", folder: bench.folder("a"), alias: "champion",
            note: CommitNote(
                command: "push sports a/b", reason: "say \"hi\"", actor: "me@here",
                time: "2026-11-24T11:00:00.000Z"),
            verifier: accept)
        let first = Digest(hashing: try bytes(of: bench.statePath(1)))
        let state = """
            {"actor":"me@here","command":"push sports a/b","epoch":2,"format":"dien-registry-state/1",\
            "models":{"sports":{"aliases":{"champion":1},"versions":{"1":{"manifest":\
            {"digest":"\(push.manifest.digest)","mediaType":"application/vnd.dien.manifest.v1+json",\
            "size":\(push.manifest.size)},"pushed":"2026-11-24T11:00:00.000Z"}}}},"previous":"\(first)",\
            "reason":"say \\"hi\\"","time":"2026-11-24T11:00:00.000Z"}
            """
        let file = "{\"checksum\":\"\(Digest(hashing: Array(state.utf8)))\",\"state\":\(state)}\n"
        #expect(String(decoding: try bytes(of: bench.statePath(2)), as: UTF8.self) == file)
    }

    @Test func `a manifest holds content only, sorted`() throws {
        let push = try bench.push("a")
        let text = String(decoding: try bytes(of: bench.blobPath(push.manifest.digest)), as: UTF8.self)
        #expect(text.hasPrefix("{\"files\":{\"config.json\":{\"digest\":\"sha256:"))
        #expect(text.hasSuffix("},\"format\":\"dien-manifest/1\",\"model\":\"sports\"}\n"))
    }

    @Test func `version numbers above nine are sorted as text`() throws {
        for number in 1...11 { try bench.push("\(number)") }
        #expect(try bench.registry.currentState().models["sports"]?.versions.count == 11)
        let text = String(decoding: try bytes(of: bench.statePath(12)), as: UTF8.self)
        let keys = try ["\"1\":", "\"10\":", "\"11\":", "\"2\":", "\"9\":"].map {
            try #require(text.range(of: $0)).lowerBound
        }
        #expect(keys == keys.sorted())
    }

    @Test func `a registry without its empty folders, as git brings it, is read and written`() throws {
        try bench.push("a", alias: "champion")
        try FileManager.default.removeItem(atPath: bench.path + "/staging")
        let clone = try Registry(openingAt: bench.path)
        try clone.verify(1, of: "sports")
        #expect(try clone.history().count == 2)
        #expect(!FileManager.default.fileExists(atPath: bench.path + "/staging"))
        #expect(try bench.push("b").version == 2)
    }

    @Test func `an empty registry that git brought, without blobs, takes a push`() throws {
        try FileManager.default.removeItem(atPath: bench.path + "/staging")
        try FileManager.default.removeItem(atPath: bench.path + "/blobs")
        #expect(try bench.push("a").version == 1)
        try bench.registry.verify(1, of: "sports")
    }

    @Test func `reading writes nothing`() throws {
        try bench.push("a")
        let before = try FileManager.default.subpathsOfDirectory(atPath: bench.path).sorted()
        _ = try bench.registry.currentState()
        try bench.registry.verify(1, of: "sports")
        #expect(try FileManager.default.subpathsOfDirectory(atPath: bench.path).sorted() == before)
    }
}
