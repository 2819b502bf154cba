import DIEN
import Files
import ModelRegistry
import Tensors

/// Maps a registered version and checks all of it before anything is served from it.
struct ServableLoader: Sendable {
    let registry: Registry
    let kernels: Kernels
    /// What networks are computed in; nil: as each is configured.
    var precision: Precision?
    let recentRequests: RecentRequests
    /// Whether files are read into memory instead of being mapped.
    let isCopying: Bool
    /// What a version keeps of its users.
    var userStates = UserStateLimits()
    /// What it keeps of candidates.
    var candidates = CandidateLimits()
    /// Counts loads, and keeps the counters of versions.
    var metrics = ServingMetrics()

    /// Digests and sizes, structure and shapes, finite values, then the golden requests, then recent ones.
    ///
    /// - Parameter onStep: told before each step.
    /// - Returns: `ready`, or `refused` with the reason; never throws, since a refusal is an answer.
    func load(_ version: Succession.Version, onStep: (LoadingStep) -> Void) -> ServableState {
        let begin = ContinuousClock.now
        let state = check(version, onStep: onStep)
        let isReady = if case .ready = state { true } else { false }
        metrics.countLoad(of: version.model, isReady: isReady, begin.duration(to: .now))
        return state
    }

    private func check(_ version: Succession.Version, onStep: (LoadingStep) -> Void) -> ServableState {
        do {
            onStep(.checkingFiles)
            let files = VersionFiles(registry: registry, manifest: try registry.manifest(version.descriptor))
            try checkMemory(for: files)
            let network = try Model(
                files: RegisteredFiles(files: files), kernels: kernels, precision: precision,
                keeping: candidates)
            onStep(.scoringGoldenRequests)
            _ = try network.verifyGolden()
            onStep(.warmingUp)
            warmUp(network, model: version.model)
            // Zeros in the place of lost pages are finite, and may even pass the golden requests.
            guard !network.isDamaged else { return .refused(reason: ServableState.lostPages) }
            return .ready(
                Servable(
                    model: version.model, version: version.number, manifest: version.manifest,
                    network: network,
                    blobs: Dictionary(
                        files.manifest.files.values.map { ($0.digest, $0.size) },
                        uniquingKeysWith: { size, _ in size }),
                    userStates: userStates.cache(),
                    counters: metrics.counters(of: version.model, version.number)))
        } catch {
            return .refused(reason: "\(error)")
        }
    }

    /// Refuses what does not fit before it is begun, rather than run out of memory in the middle and take all down.
    private func checkMemory(for files: VersionFiles) throws {
        let requirement = try Model.requirement(
            files: RegisteredFiles(files: files), sizes: files.manifest.files.mapValues(\.size),
            copied: isCopying)
        try MemoryLimit.check(needed: requirement.anonymousBytes)
    }

    /// Recent requests may not fit a version with other features; that is for their callers to learn, not a fault.
    private func warmUp(_ network: Model, model: String) {
        for input in recentRequests.of(model) { _ = try? network.score(input) }
    }
}

/// The files of a registered version as the model loader asks for them. Their pages are brought in here, on the loader's
/// thread, so that no request waits for the disk.
private struct RegisteredFiles: ModelFiles {
    let files: VersionFiles

    func map(_ name: String) throws -> MappedFile {
        let file = try files.map(name)
        try file.prefault()
        return file
    }
}
