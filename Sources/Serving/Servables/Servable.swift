public import DIEN
public import ModelRegistry

/// A model version that is loaded, checked and ready: immutable, and shared by every request that it answers.
///
/// It lives as long as a serving table or a running request holds it; the last release unmaps its weights.
public struct Servable: Sendable {
    /// The model's name in the registry.
    public let model: String
    /// The version's number in the registry.
    public let version: UInt64
    /// The digest of the version's manifest: what the scores are a function of.
    public let manifest: Digest
    /// The network with its vocabularies.
    public let network: Model
}
