import DIEN
import ModelRegistry

/// A model version that is loaded, checked and ready: immutable, and shared by every request that it answers.
///
/// It lives as long as a serving table or a running request holds it; the last release unmaps its weights.
struct Servable: Sendable {
    /// The model's name in the registry.
    let model: String
    /// The version's number in the registry.
    let version: UInt64
    /// The digest of the version's manifest: what the scores are a function of.
    let manifest: Digest
    /// The network with its vocabularies.
    let network: Model
    /// Its files by digest, with their sizes in bytes.
    var blobs: [Digest: UInt64] = [:]
    /// The states of the users it has seen last, which go with it; nil: none are kept.
    var userStates: UserStateCache?
    /// What it has answered.
    var counters = VersionCounters()
}
