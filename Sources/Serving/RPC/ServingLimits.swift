/// What one request may ask for. Beyond them the reply names both sizes.
public struct ServingLimits: Sendable {
    /// The most candidates of one request.
    public var candidates: Int
    /// The longest history of one request; what a model then uses of it is the model's `max_history`.
    public var historyLength: Int

    /// Limits with the defaults: 2,000 candidates, 10,000 behaviours.
    public init(candidates: Int = 2_000, historyLength: Int = 10_000) {
        self.candidates = candidates
        self.historyLength = historyLength
    }
}
