public import Tensors

/// Which events of a user become samples, and of which split.
public enum SampleProtocol: String, Sendable, CaseIterable {
    /// The last event of each user; test users are apart from training users.
    case last
    /// As `last`, and of training users every earlier event too.
    case prefixes
    /// Every event of every user but the last trains, the last one tests.
    case leaveOneOut = "leave-one-out"
    /// The samples stood in the input.
    case given
}

/// Where negative targets come from.
public enum NegativeSampling: String, Sendable, CaseIterable {
    /// An event drawn uniformly, so an item by its popularity.
    case popularity
    /// An item drawn uniformly.
    case uniform
    /// They stood in the input.
    case given
}

/// dataset.json of a prepared data set: everything about it that is not a tensor.
public struct DatasetDescription: Sendable, Equatable {
    /// What a table's identifiers are, by the names of a model's config.json.
    public enum IDKind: String, Sendable, CaseIterable {
        case uint64
        case string
    }

    /// An embedding table: as in a model's config.json.
    public struct Table: Sendable, Equatable {
        /// The table's name.
        public var name: String
        /// Rows, the row 0 of unknown identifiers included.
        public var rows: Int
        /// What its identifiers are.
        public var ids: IDKind

        /// A table of this name with so many rows.
        public init(name: String, rows: Int, ids: IDKind) {
            self.name = name
            self.rows = rows
            self.ids = ids
        }
    }

    /// A feature of one role: as in a model's config.json.
    public struct Feature: Sendable, Equatable {
        /// The feature's name.
        public var name: String
        /// Its table.
        public var table: String
        /// The feature of the same role whose identifiers tell this one's rows.
        public var lookup: String?

        /// A feature of this name.
        public init(name: String, table: String, lookup: String? = nil) {
            self.name = name
            self.table = table
            self.lookup = lookup
        }
    }

    /// The value of "format" that is understood.
    public static let format = "dien-dataset/1"

    /// Which events became samples.
    public var sampling: SampleProtocol
    /// What every draw followed from.
    public var seed: UInt64
    /// Where negative targets came from.
    public var negatives: NegativeSampling
    /// Behaviours a model of this data shall use at most, the last ones.
    public var maxHistory: Int
    /// The embedding tables.
    public var tables: [Table]
    /// Features of the user.
    public var profile: [Feature]
    /// Features of a behaviour: the same tables in the same order as ``candidates``.
    public var history: [Feature]
    /// Features of a target.
    public var candidates: [Feature]
    /// Samples of each split.
    public var splits: [DatasetSplit: Int]
    /// Facts of what it was made from, not interpreted.
    public var source: [JSONValue.Member]

    /// A description of these parts; ``check(path:)`` tells whether they fit together.
    public init(
        sampling: SampleProtocol, seed: UInt64, negatives: NegativeSampling, maxHistory: Int, tables: [Table],
        profile: [Feature], history: [Feature], candidates: [Feature], splits: [DatasetSplit: Int],
        source: [JSONValue.Member] = []
    ) {
        self.sampling = sampling
        self.seed = seed
        self.negatives = negatives
        self.maxHistory = maxHistory
        self.tables = tables
        self.profile = profile
        self.history = history
        self.candidates = candidates
        self.splits = splits
        self.source = source
    }

    /// Rows of the table of a feature; precondition: the table is there.
    public func rows(of feature: Feature) -> Int {
        guard let table = tables.first(where: { $0.name == feature.table }) else {
            preconditionFailure("no table \(feature.table)")
        }
        return table.rows
    }
}
