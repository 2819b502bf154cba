/// One feature's identifiers, one a behaviour, candidate or user.
public struct FeatureColumn: Sendable, Equatable {
    /// Identifiers are integers or strings, as the model's vocabulary has them.
    public enum Values: Sendable, Equatable {
        case ids([UInt64])
        case strings([String])

        /// How many there are.
        public var count: Int {
            switch self {
            case .ids(let ids): ids.count
            case .strings(let strings): strings.count
            }
        }
    }

    /// The feature's name in the model's configuration.
    public var name: String
    /// The identifiers.
    public var values: Values

    /// A column of that name.
    public init(name: String, values: Values) {
        self.name = name
        self.values = values
    }
}

/// What is scored: one user with a behaviour history, and N candidates.
public struct RankingInput: Sendable, Equatable {
    /// The user's profile: one value a feature.
    public var profile: [FeatureColumn]
    /// The behaviours, the oldest first; none at all is a user without history.
    public var history: [FeatureColumn]
    /// The candidates.
    public var candidates: [FeatureColumn]
    /// The request's context: one value a feature.
    public var context: [FeatureColumn]

    /// An input of these columns.
    public init(
        profile: [FeatureColumn] = [], history: [FeatureColumn] = [], candidates: [FeatureColumn] = [],
        context: [FeatureColumn] = []
    ) {
        self.profile = profile
        self.history = history
        self.candidates = candidates
        self.context = context
    }
}

/// How many identifiers of one column ended on row 0, the row of the unknown.
public struct UnknownIDs: Sendable, Equatable {
    /// Where the column stands in the input.
    public let role: FeatureRole
    /// The column's name.
    public let feature: String
    /// At least 1.
    public let count: Int

    /// A count of that column.
    public init(role: FeatureRole, feature: String, count: Int) {
        self.role = role
        self.feature = feature
        self.count = count
    }
}

/// The behaviours that the score of a candidate looked at most.
public struct AttendedBehaviours: Sendable, Equatable {
    /// Positions among the behaviours that were used, from 0 for the oldest; the largest weight first, equal ones in the
    /// order of the history.
    public let positions: [Int]
    /// Their attention weights; those of all behaviours add up to 1.
    public let weights: [Float]
}

/// The answer to one request.
public struct Scores: Sendable, Equatable {
    /// The probability of a click, one a candidate, in the order of the request.
    public let probabilities: [Float]
    /// Columns with unknown identifiers; looked-up features are not counted again.
    public let unknownIDs: [UnknownIDs]
    /// How many behaviours were used: the last `max_history` of those sent.
    public let historyLength: Int
    /// One a candidate where they were asked for, otherwise none.
    public let attention: [AttendedBehaviours]

    /// An answer of these parts.
    public init(
        probabilities: [Float], unknownIDs: [UnknownIDs], historyLength: Int,
        attention: [AttendedBehaviours] = []
    ) {
        self.probabilities = probabilities
        self.unknownIDs = unknownIDs
        self.historyLength = historyLength
        self.attention = attention
    }
}
