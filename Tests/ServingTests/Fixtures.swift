import DIEN
import Files
import Foundation
import ModelRegistry
import Tensors

@testable import Serving

/// The repository's own registry: model `sports`, version 1 the champion, version 2 the challenger.
enum Fixture {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    static let registry = Result { try Registry(openingAt: root + "/registry") }

    /// Version 1, loaded once for all tests: what is tested here does not depend on the weights.
    static let network = Result {
        let registry = try Fixture.registry.get()
        let version = try registry.currentState().version(1, of: "sports")
        return try Model(
            files: StoredFiles(
                files: VersionFiles(registry: registry, manifest: registry.manifest(version.manifest))))
    }

    /// A servable with the real network under any name and number.
    static func servable(_ model: String, _ version: UInt64) throws -> Servable {
        Servable(
            model: model, version: version, manifest: descriptor(model, version).digest,
            network: try network.get())
    }

    static func descriptor(_ model: String, _ version: UInt64) -> Descriptor {
        Descriptor(
            mediaType: Manifest.mediaType, digest: Digest(hashing: Array("\(model) \(version)".utf8)), size: 1
        )
    }

    private struct StoredFiles: ModelFiles {
        let files: VersionFiles

        func map(_ name: String) throws -> MappedFile { try files.map(name) }
    }
}
