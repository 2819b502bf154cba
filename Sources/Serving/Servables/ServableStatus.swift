import ModelRegistry

/// How far a replica has come with one version of a model.
enum ServableState: Sendable {
    /// No alias asks for it.
    case notLoaded
    /// It is being mapped, checked and warmed beside what serves.
    case loading(LoadingStep)
    /// It answers requests.
    case ready(Servable)
    /// It failed a check and never answers; the reason names the check.
    case refused(reason: String)
    /// It was taken out of service after it had been loaded, for damage to its files.
    case quarantined(reason: String)

    /// The reason of a version whose files were cut short, or whose disk failed, while it was mapped.
    static let lostPages =
        "pages of its files were lost while mapped; restore its blobs, then promote it again"

    /// The reason of a version of which the scrubber read a blob that is not what its digest says.
    static let damagedBlob =
        "the scrubber found one of its blobs damaged; mend it with dien-registry fsck --repair-from, then promote it again"
}

/// What is being done with a version on its way to readiness, in this order.
enum LoadingStep: String, Sendable {
    /// Waiting for the versions before it.
    case queued
    /// Mapping its files: digests, sizes, structure, shapes, finite values.
    case checkingFiles = "checking files"
    /// Comparing its scores with those that its trainer expects.
    case scoringGoldenRequests = "scoring golden requests"
    /// Scoring recent requests.
    case warmingUp = "warming up"
}

/// One version as a replica sees it.
struct ServableStatus: Sendable {
    /// The digest of the version's manifest.
    let manifest: Digest
    /// How far the replica has come with it.
    let state: ServableState

    /// The version itself, once it answers requests.
    var servable: Servable? {
        if case .ready(let servable) = state { servable } else { nil }
    }
}
