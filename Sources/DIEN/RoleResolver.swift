internal import Tensors

/// Checks the columns of one role and maps them to rows; made once, when a model is loaded.
struct RoleResolver: Sendable {
    private let role: FeatureRole
    private let features: [Feature]
    /// Elements that are used, the last ones: of a history the most recent behaviours.
    private let limit: Int

    /// A feature and where its rows come from.
    private struct Feature: Sendable {
        let name: String
        let table: Int
        let vocabulary: TableVocabulary
        let lookup: Lookup?
    }

    /// The feature whose identifiers tell another's rows, and the row of each of its identifiers.
    private struct Lookup: Sendable {
        let feature: Int
        let rows: MappedTensor<Int32>
    }

    init(_ role: FeatureRole, _ configuration: ModelConfiguration, _ vocabulary: Vocabulary) {
        let features = configuration.features(role)
        self.role = role
        self.features = features.map { feature in
            let lookup = features.firstIndex { $0.name == feature.lookup }.map { other in
                Lookup(
                    feature: other,
                    rows: vocabulary[configuration.index(ofTable: features[other].table)].rows(
                        in: feature.table))
            }
            let table = configuration.index(ofTable: feature.table)
            return Feature(name: feature.name, table: table, vocabulary: vocabulary[table], lookup: lookup)
        }
        limit = role == .history ? configuration.maxHistory : .max
    }

    func resolve(
        _ columns: [FeatureColumn], _ unknown: inout [UnknownIDs]
    ) throws(ScoringError) -> EmbeddingRows {
        try checkNames(of: columns)
        let count = min(try count(of: columns), limit)
        var positions: [[Int]?] = []
        positions.reserveCapacity(features.count)
        for feature in features {
            positions.append(try self.positions(of: feature, columns, count: count))
        }
        var result = EmbeddingRows(count: count, features: [])
        result.features.reserveCapacity(features.count)
        for (index, feature) in features.enumerated() {
            let rows = try rows(of: feature, positions[index], positions, count: count)
            let unknownRows = positions[index] == nil ? 0 : rows.count { $0 == 0 }
            if unknownRows > 0 {
                unknown.append(UnknownIDs(role: role, feature: feature.name, count: unknownRows))
            }
            result.features.append((feature.table, rows))
        }
        return result
    }

    /// Where a column's identifiers stand in their vocabulary; nil where the feature has no column.
    private func positions(
        of feature: Feature, _ columns: [FeatureColumn], count: Int
    ) throws(ScoringError) -> [Int]? {
        guard let column = columns.first(where: { $0.name == feature.name }) else { return nil }
        guard let positions = feature.vocabulary.positions(of: column.values, last: count) else {
            throw .wrongIDKind(field: field(feature.name), expected: feature.vocabulary.kind)
        }
        return positions
    }

    private func field(_ feature: String) -> String { "\(role.rawValue).\(feature)" }

    private func checkNames(of columns: [FeatureColumn]) throws(ScoringError) {
        for (index, column) in columns.enumerated() {
            guard features.contains(where: { $0.name == column.name }) else {
                throw .unknownFeature(field: field(column.name))
            }
            guard !columns[..<index].contains(where: { $0.name == column.name }) else {
                throw .duplicateFeature(field: field(column.name))
            }
        }
    }

    /// How many elements there are: one of a profile or context, of the others as many as each column has.
    private func count(of columns: [FeatureColumn]) throws(ScoringError) -> Int {
        switch role {
        case .profile, .context:
            for column in columns where column.values.count != 1 {
                throw .wrongCount(field: field(column.name), count: column.values.count)
            }
            return features.isEmpty ? 0 : 1
        case .history, .candidates:
            let count = columns.first?.values.count ?? 0
            for column in columns where column.values.count != count {
                throw .unequalColumns(field: field(column.name), count: column.values.count, expected: count)
            }
            guard role == .history || count > 0 else { throw .noCandidates }
            return count
        }
    }

    /// A feature's rows: from its own column, or looked up by the column of the feature it names.
    private func rows(
        of feature: Feature, _ own: [Int]?, _ positions: [[Int]?], count: Int
    ) throws(ScoringError) -> [Int] {
        if let own { return feature.vocabulary.rows(at: own) }
        if let lookup = feature.lookup, let other = positions[lookup.feature] {
            return lookup.rows.elements(at: other)
        }
        guard count == 0 else { throw .missingFeature(field: field(feature.name)) }
        return []
    }
}
