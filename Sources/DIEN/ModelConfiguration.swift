public import Tensors

/// What a table's identifiers are on the wire.
public enum IDKind: String, Sendable, CaseIterable {
    case uint64
    case string
}

/// Where a feature stands in a request.
public enum FeatureRole: String, Sendable, CaseIterable {
    case profile
    case history
    case candidates
    case context
}

/// config.json of a model folder: everything about a model that is not a weight.
public struct ModelConfiguration: Sendable, Equatable {
    /// Whose equations the layers follow.
    public enum Preset: String, Sendable, CaseIterable {
        /// The published ones.
        case paper
        /// The authors' program.
        case reference
    }

    /// An embedding table, tensor `embedding.<name>` [rows, embedding size].
    public struct Table: Sendable, Equatable {
        /// The table's name.
        public let name: String
        /// Rows, the row 0 of unknown identifiers included.
        public let rows: Int
        /// What its identifiers are.
        public let ids: IDKind
        /// The file that holds the table alone; nil: model.safetensors, with everything else. Versions whose tables are
        /// equal, file for file, share one copy on disk and in memory.
        public let file: String?
    }

    /// A feature of one role, embedded by a table.
    public struct Feature: Sendable, Equatable {
        /// The feature's name in requests.
        public let name: String
        /// Its table.
        public let table: String
        /// The feature of the same role whose identifiers tell this one's rows when a request leaves it out.
        public let lookup: String?
    }

    /// The family of model.
    public let architecture: Architecture
    /// Whose equations.
    public let preset: Preset
    /// Width of one embedding, E.
    public let embeddingSize: Int
    /// Width of a GRU's state, H; 0 where there is none.
    public let hiddenSize: Int
    /// Widths of the attention network's two hidden layers; empty where there is no such network.
    public let attentionHidden: [Int]
    /// Widths of the head's hidden layers.
    public let headHidden: [Int]
    /// Behaviours that are used, the last ones of a history.
    public let maxHistory: Int
    /// The embedding tables.
    public let tables: [Table]
    /// Features of the user, one value each.
    public let profile: [Feature]
    /// Features of a behaviour: the same tables in the same order as ``candidates``.
    public let history: [Feature]
    /// Features of a candidate.
    public let candidates: [Feature]
    /// Features of the request, one value each.
    public let context: [Feature]
    /// Largest difference of a golden request's probability that is accepted.
    public let goldenTolerance: Float
    /// The same of a version that is computed in less than float32, or whose tables are: the change of a score.
    public let precisionTolerance: Float
    /// What the network's products are computed in, unless it is loaded with another.
    public let precision: Precision
    /// Facts of the training, not interpreted.
    public let metadata: [JSONValue.Member]

    /// The files of tables that stand apart from model.safetensors, in the order of the tables.
    public var tableFiles: [String] { tables.compactMap(\.file) }

    /// The features of a role.
    public func features(_ role: FeatureRole) -> [Feature] {
        switch role {
        case .profile: profile
        case .history: history
        case .candidates: candidates
        case .context: context
        }
    }

    /// The place of a table, by its name. Precondition: the configuration has it.
    func index(ofTable name: String) -> Int {
        guard let index = tables.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("no table of the configuration")
        }
        return index
    }

    /// Width of a behaviour or a candidate, D: one embedding a feature.
    public var itemSize: Int { candidates.count * embeddingSize }
}
