import DIEN
import Files
import Foundation
import Tensors

@testable import ModelRegistry
@testable import Serving

/// A registry of real models: model `sports`, version 1 the champion, version 2 the challenger.
enum Fixture {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// Two models that PyTorch trained.
    static let registryPath = root + "/Tests/Wire/data/registry"
    static let registry = Result { try Registry(openingAt: registryPath) }

    /// Version 1, loaded once for all tests: what is tested here does not depend on the weights.
    static let network = Result { try network(keeping: CandidateLimits()) }

    /// The same with so much kept of its candidates.
    static func network(keeping candidates: CandidateLimits) throws -> Model {
        let registry = try Fixture.registry.get()
        let version = try registry.currentState().version(1, of: "sports")
        return try Model(
            files: files(of: VersionFiles(registry: registry, manifest: registry.manifest(version.manifest))),
            keeping: candidates)
    }

    /// The files of a version as a model takes them.
    static func files(of files: VersionFiles) -> some ModelFiles { StoredFiles(files: files) }

    /// A servable with the real network under any name and number.
    static func servable(
        _ model: String, _ version: UInt64, network other: Model? = nil
    ) throws -> Servable {
        Servable(
            model: model, version: version, manifest: descriptor(model, version).digest,
            network: try other ?? network.get())
    }

    static func descriptor(_ model: String, _ version: UInt64) -> Descriptor {
        Descriptor(
            mediaType: Manifest.mediaType, digest: Digest(hashing: Array("\(model) \(version)".utf8)), size: 1
        )
    }

    /// A state of one model with versions 1 to 4.
    static func state(
        epoch: UInt64, aliases: [String: UInt64], split: RegisteredSplit? = nil,
        shadow: RegisteredShadow? = nil
    ) -> RegistryState {
        var model = RegisteredModel(aliases: aliases)
        for number in 1...4 as ClosedRange<UInt64> {
            model.versions[number] = RegisteredVersion(
                manifest: descriptor("sports", number), pushed: "2026-11-24T11:00:00.000Z")
        }
        (model.split, model.shadow) = (split, shadow)
        return RegistryState(
            epoch: epoch, previous: nil, models: ["sports": model],
            note: CommitNote(command: "test", actor: "tester@bench"))
    }

    /// Moves to a state; every version that has to be loaded is ready, but for those refused.
    static func advance(
        _ table: ServingTable, to state: RegistryState, refusing refused: Set<UInt64> = []
    ) throws -> ServingTable {
        let succession = Succession(state: state, previous: table)
        var loaded: [Succession.Version: ServableState] = [:]
        for version in succession.toLoad {
            loaded[version] =
                refused.contains(version.number)
                ? .refused(reason: "digest") : .ready(try servable(version.model, version.number))
        }
        return succession.table(loaded: loaded)
    }

    private struct StoredFiles: ModelFiles {
        let files: VersionFiles

        func map(_ name: String) throws -> MappedFile { try files.map(name) }
    }
}
