public import DIEN

/// A sample of which two models say different things, and what each looks at.
public struct Disagreement: Sendable {
    /// The sample's user, a number.
    public let user: Int
    /// The name of its target.
    public let target: String
    /// Whether it was clicked.
    public let isClicked: Bool
    /// Names of the behaviours, the oldest first: as many as the model that uses more of them.
    public let behaviours: [String]
    /// One a model.
    public let explained: [Explanation.Candidate]

    /// A sample with both explanations.
    public init(
        user: Int, target: String, isClicked: Bool, behaviours: [String], explained: [Explanation.Candidate]
    ) {
        self.user = user
        self.target = target
        self.isClicked = isClicked
        self.behaviours = behaviours
        self.explained = explained
    }

    /// The second's probability less the first's.
    public var difference: Double {
        Double(explained[1].probability) - Double(explained[0].probability)
    }

    /// One weight a behaviour, 0 for the oldest where a model leaves them out; empty without attention.
    public func attention(_ model: Int) -> [Float] { aligned(explained[model].attention) }

    /// How far each behaviour moved the interest; empty where none evolves.
    public func stateChanges(_ model: Int) -> [Float] { aligned(explained[model].stateChanges) }

    private func aligned(_ values: [Float]) -> [Float] {
        guard !values.isEmpty else { return [] }
        return [Float](repeating: 0, count: max(0, behaviours.count - values.count)) + values
    }
}
