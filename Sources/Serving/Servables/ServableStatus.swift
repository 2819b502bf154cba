import ModelRegistry

/// How far a replica has come with one version of a model.
enum ServableState: Sendable {
    /// No alias asks for it.
    case notLoaded
    /// It is being mapped, checked and warmed beside what serves.
    case loading
    /// It answers requests.
    case ready(Servable)
    /// It failed a check and never answers; the reason names the check.
    case refused(reason: String)
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
