import DIEN
import Files
import ModelRegistry
import Tensors

/// Maps a registered version and checks all of it before anything is served from it.
struct ServableLoader: Sendable {
    let registry: Registry
    let kernels: Kernels

    /// Digests and sizes, structure and shapes, finite values, then the golden requests, which also warm it up.
    ///
    /// - Returns: `ready`, or `refused` with the reason; never throws, since a refusal is an answer.
    func load(_ version: Succession.Version) -> ServableState {
        do {
            let files = VersionFiles(registry: registry, manifest: try registry.manifest(version.descriptor))
            let network = try Model(files: RegisteredFiles(files: files), kernels: kernels)
            _ = try network.verifyGolden()
            return .ready(
                Servable(
                    model: version.model, version: version.number, manifest: version.manifest,
                    network: network))
        } catch {
            return .refused(reason: "\(error)")
        }
    }
}

/// The files of a registered version as the model loader asks for them.
private struct RegisteredFiles: ModelFiles {
    let files: VersionFiles

    func map(_ name: String) throws -> MappedFile { try files.map(name) }
}
