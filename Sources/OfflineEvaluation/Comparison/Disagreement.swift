public import DIEN

/// A sample of which two models say different things, and what each looks at.
public struct Disagreement: Sendable {
    /// Where a sample comes from.
    public enum Origin: Sendable, Equatable, CustomStringConvertible {
        /// A user of a data set, by number.
        case user(Int)
        /// A request, by its id.
        case request(String)

        /// `user 7`.
        public var description: String {
            switch self {
            case .user(let number): "user \(number)"
            case .request(let id): "request \(id)"
            }
        }

        var user: Int? { if case .user(let number) = self { number } else { nil } }
        var request: String? { if case .request(let id) = self { id } else { nil } }
    }

    /// Where it comes from.
    public let origin: Origin
    /// The name of its target.
    public let target: String
    /// Whether it was clicked; nil where that is not known.
    public let isClicked: Bool?
    /// Names of the behaviours, the oldest first: as many as the model that uses more of them.
    public let behaviours: [String]
    /// One a model.
    public let explained: [Explanation.Candidate]

    /// A sample with both explanations.
    public init(
        origin: Origin, target: String, isClicked: Bool?, behaviours: [String],
        explained: [Explanation.Candidate]
    ) {
        self.origin = origin
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
