/// What a writing command ended in.
public struct Commit: Sendable, Equatable {
    /// The state that holds now, as far as this writer saw.
    public let state: RegistryState
    /// Whether this writer committed it; false when there was nothing to change.
    public let isNew: Bool
}
