import Foundation
import ModelRegistry
import Testing

/// Documents by which epochs were decided.
@Suite struct EvidenceTests {
    let bench: TemporaryRegistry
    private let document = Array("{\"verdict\":\"FAIL\"}\n".utf8)

    init() throws {
        bench = try TemporaryRegistry()
        try bench.push("a", alias: "champion")
        try bench.push("b")
        try bench.promote(2)  // epoch 4
    }

    @discardableResult
    private func rollBack(_ evidence: [UInt8]?) throws -> RegistryState {
        try bench.registry.rollback(model: "sports", note: note("rollback", evidence: evidence)).state
    }

    @Test func `an epoch names its evidence by digest, and the blob holds it to the byte`() throws {
        let state = try rollBack(document)
        let descriptor = try #require(state.evidence)
        #expect(descriptor.digest == Digest(hashing: document))
        #expect(try bytes(of: bench.blobPath(descriptor.digest)) == document)
        let reader = try Registry(openingAt: bench.path)
        #expect(try reader.evidence(of: reader.currentState()) == document)
        let text = try String(decoding: bytes(of: bench.statePath(5)), as: UTF8.self)
        let spelt = """
            "epoch":5,"evidence":{"digest":"\(descriptor.digest)","mediaType":\
            "application/vnd.dien.evidence.v1+json","size":19},"format":
            """
        #expect(text.contains(spelt))
    }

    @Test func `an epoch without evidence has the bytes it had before there was any`() throws {
        let state = try rollBack(nil)
        #expect(state.evidence == nil)
        #expect(try bench.registry.evidence(of: state) == nil)
        #expect(try !String(decoding: bytes(of: bench.statePath(5)), as: UTF8.self).contains("evidence"))
    }

    @Test func `a command that changes nothing stores nothing`() throws {
        let blobs = try bench.registry.check().blobs
        _ = try bench.registry.promote(
            model: "sports", version: 2, note: note("promote", evidence: document), verifier: accept)
        #expect(try bench.registry.check().blobs == blobs)
        #expect(throws: RegistryError.self) {
            _ = try bench.registry.rollback(
                model: "sports", expectEpoch: 2, note: note("rollback", evidence: document))
        }
        #expect(try bench.registry.check().findings.isEmpty)
    }

    @Test(arguments: [0, RegistryState.evidenceBytesLimit + 1])
    func `evidence that no reader would accept is refused`(count: Int) throws {
        #expect(throws: RegistryError.invalidEvidence(bytes: count)) {
            try rollBack([UInt8](repeating: 32, count: count))
        }
        #expect(try bench.registry.currentState().epoch == 4)
    }

    @Test func `a sweep keeps the evidence of every epoch, and takes what no epoch names`() throws {
        let first = try #require(try rollBack(document).evidence)
        try rollBack(nil)
        try bench.promote(1)
        try bench.registry.collectGarbage(
            Retention(versions: 1, days: 0), note: note("gc"), now: 4_000_000_000_000)
        #expect(try bench.registry.evidence(of: bench.registry.state(epoch: 5)) == document)
        #expect(try bench.registry.check().findings.isEmpty)
        #expect(FileManager.default.fileExists(atPath: bench.blobPath(first.digest)))
    }

    @Test func `evidence that is damaged or missing is found, and repaired from a copy`() throws {
        let path = bench.blobPath(try #require(try rollBack(document).evidence).digest)
        try rollBack(nil)
        let copy = try TemporaryRegistry(copying: bench)
        try bench.overwrite(path, Array("{\"verdict\":\"PASS\"}\n".utf8))
        #expect(try bench.registry.check().findings.map(\.kind) == [.damagedBlob])
        #expect(throws: RegistryError.self) {
            _ = try bench.registry.evidence(of: bench.registry.state(epoch: 5))
        }
        #expect(try bench.registry.check(repairingFrom: copy.registry).isWhole)
        try FileManager.default.removeItem(atPath: path)
        #expect(try bench.registry.check().findings.map(\.kind) == [.missingBlob])
        #expect(try bench.registry.check(repairingFrom: copy.registry).isWhole)
        #expect(try bytes(of: path) == document)
    }

    @Test(arguments: [
        (#""size":19"#, #""size":4194305"#, "it is no evidence"),
        (#""size":19"#, #""size":0"#, "it is no evidence"),
        ("dien.evidence.v1", "dien.manifest.v1", "it is no evidence"),
        (#""size":19"#, #""size":20"#, "its checksum says"),
        (#""evidence":{"#, #""evidence":{"at":1,"#, "unknown key 'at'"),
    ]) func `a descriptor of evidence that is wrong is refused with the reason`(
        _ old: String, _ new: String, _ reason: String
    ) throws {
        try rollBack(document)
        let text = try String(decoding: bytes(of: bench.statePath(5)), as: UTF8.self)
        #expect(text.contains(old))
        try bench.overwrite(bench.statePath(5), Array(text.replacingOccurrences(of: old, with: new).utf8))
        let error = try #require(throws: RegistryError.self) { _ = try bench.registry.currentState() }
        #expect(error.description.contains(reason), "\(error)")
    }

    @Test func `a winner is promoted and its experiment ended in one epoch`() throws {
        _ = try bench.registry.startSplit(
            RegisteredSplit(
                salt: "s", unit: "u", arms: [.init(name: "candidate", target: .version(1))], coverage: 100),
            of: "sports", note: note("split start"), verifier: accept)
        _ = try bench.registry.shadow(
            .init(target: .version(1), rate: 100), of: "sports", note: note("shadow"), verifier: accept)
        let state = try bench.registry.promote(
            model: "sports", version: 1, endingSplit: true, note: note("promote"), verifier: accept
        ).state
        #expect(state.epoch == 7)
        let sports = try state.model("sports")
        #expect(sports.aliases["champion"] == 1 && sports.split == nil && sports.shadow == nil)
        #expect(sports.retiredSalts == ["s"])
    }

    @Test func `the origin of a fact is the first epoch that has had it without a break`() throws {
        try bench.promote(1)  // 5
        try bench.promote(2)  // 6
        try bench.push("c")  // 7
        let state = try bench.registry.currentState()
        #expect(try bench.registry.origin(of: "sports", in: state) { $0.aliases["champion"] }.epoch == 6)
        #expect(try bench.registry.origin(of: "sports", in: state) { $0.versions[1] != nil }.epoch == 2)
        #expect(try bench.registry.origin(of: "sports", in: state) { $0.versions.count }.epoch == 7)
    }
}
