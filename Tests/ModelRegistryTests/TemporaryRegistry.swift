import Files
import Foundation
import ModelRegistry

/// A fresh registry and some model folders beside it, removed when the object goes.
final class TemporaryRegistry: Sendable {
    let root: String
    let registry: Registry

    /// In memory where there is such a place: thousands of registries are made here, and no test needs real syncs.
    private static let temporary =
        FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()

    /// Small, since every copy of a registry copies it.
    static let reserveBytes = 4096

    /// The registry's folder.
    var path: String { root + "/registry" }

    init() throws {
        root = Self.temporary + "/registry-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        registry = try Registry.create(at: root + "/registry", reserveBytes: Self.reserveBytes)
    }

    /// A copy of another one's registry, made without its code.
    init(copying other: TemporaryRegistry) throws {
        root = Self.temporary + "/registry-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: other.path, toPath: root + "/registry")
        registry = try Registry(openingAt: root + "/registry", reserveBytes: Self.reserveBytes)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// A model folder whose files are told apart by `content`.
    func folder(_ content: String) throws -> String {
        let path = root + "/model-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for file in ModelFile.all {
            try Data("\(file.name) of \(content)".utf8).write(
                to: URL(fileURLWithPath: path + "/" + file.name))
        }
        return path
    }

    /// Pushes a folder with this content, unverified.
    @discardableResult
    func push(_ content: String, model: String = "sports", alias: String? = nil) throws -> Push {
        try registry.push(
            model: model, folder: folder(content), alias: alias, note: note("push"), verifier: accept)
    }

    /// Promotes a version, unverified.
    @discardableResult
    func promote(_ version: UInt64, model: String = "sports", expectEpoch: UInt64? = nil) throws -> Commit {
        try registry.promote(
            model: model, version: version, expectEpoch: expectEpoch, note: note("promote"), verifier: accept)
    }

    /// The file of an epoch.
    func statePath(_ epoch: Int) -> String { path + "/state/" + String(format: "%012d.json", epoch) }

    /// The file of a blob.
    func blobPath(_ digest: Digest) -> String { path + "/blobs/sha256/\(digest.hex.prefix(2))/\(digest.hex)" }

    /// Overwrites a file that the registry made read-only, through a fresh inode as an editor would.
    func overwrite(_ file: String, _ bytes: [UInt8]) throws {
        try FileManager.default.removeItem(atPath: file)
        try Data(bytes).write(to: URL(fileURLWithPath: file))
    }
}

/// The bytes of a file, read by Foundation.
func bytes(of file: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
}

/// A verifier for tests that are not about models.
@Sendable func accept(_ files: VersionFiles) {}

/// A note with a fixed actor.
func note(_ command: String, reason: String? = nil, evidence: [UInt8]? = nil) -> CommitNote {
    CommitNote(command: command, reason: reason, evidence: evidence, actor: "tester@bench")
}
