import DIEN
import Files
import ModelRegistry
import Tensors

/// Maps a registered version and checks all of it before anything is served from it.
struct ServableLoader: Sendable {
    let registry: Registry
    let kernels: Kernels
    let recentRequests: RecentRequests

    /// Digests and sizes, structure and shapes, finite values, then the golden requests, then recent ones.
    ///
    /// - Parameter onStep: told before each step.
    /// - Returns: `ready`, or `refused` with the reason; never throws, since a refusal is an answer.
    func load(_ version: Succession.Version, onStep: (LoadingStep) -> Void) -> ServableState {
        do {
            onStep(.checkingFiles)
            let files = VersionFiles(registry: registry, manifest: try registry.manifest(version.descriptor))
            let network = try Model(files: RegisteredFiles(files: files), kernels: kernels)
            onStep(.scoringGoldenRequests)
            _ = try network.verifyGolden()
            onStep(.warmingUp)
            warmUp(network, model: version.model)
            return .ready(
                Servable(
                    model: version.model, version: version.number, manifest: version.manifest,
                    network: network))
        } catch {
            return .refused(reason: "\(error)")
        }
    }

    /// Recent requests may not fit a version with other features; that is for their callers to learn, not a fault.
    private func warmUp(_ network: Model, model: String) {
        for input in recentRequests.of(model) { _ = try? network.score(input) }
    }
}

/// The files of a registered version as the model loader asks for them.
private struct RegisteredFiles: ModelFiles {
    let files: VersionFiles

    func map(_ name: String) throws -> MappedFile { try files.map(name) }
}
