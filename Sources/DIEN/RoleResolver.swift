/// Checks the columns of one role and maps them to rows.
struct RoleResolver {
    let role: FeatureRole
    let features: [ModelConfiguration.Feature]
    let vocabulary: Vocabulary
    /// Elements that are used, the last ones: of a history the most recent behaviours.
    let limit: Int

    /// A column's identifiers as positions in their vocabulary.
    private struct Positions {
        var vocabulary: TableVocabulary
        var values: [Int]
    }

    func resolve(
        _ columns: [FeatureColumn], _ unknown: inout [UnknownIDs]
    ) throws(ScoringError) -> EmbeddingRows {
        try checkNames(of: columns)
        let count = min(try count(of: columns), limit)
        var positions: [Positions?] = []
        for feature in features {
            positions.append(try self.positions(of: feature, columns, count: count))
        }
        var result = EmbeddingRows(count: count, features: [])
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

    /// Nil where the feature has no column.
    private func positions(
        of feature: ModelConfiguration.Feature, _ columns: [FeatureColumn], count: Int
    ) throws(ScoringError) -> Positions? {
        guard let column = columns.first(where: { $0.name == feature.name }) else { return nil }
        let vocabulary = vocabulary[feature.table]
        guard let values = vocabulary.positions(of: column.values, last: count) else {
            throw .wrongIDKind(field: field(feature.name), expected: vocabulary.kind)
        }
        return Positions(vocabulary: vocabulary, values: values)
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
        of feature: ModelConfiguration.Feature, _ own: Positions?, _ positions: [Positions?], count: Int
    ) throws(ScoringError) -> [Int] {
        if let own { return own.vocabulary.rows(at: own.values) }
        if let lookup = feature.lookup, let index = features.firstIndex(where: { $0.name == lookup }),
            let other = positions[index]
        {
            return other.vocabulary.rows(at: other.values, in: feature.table)
        }
        guard count == 0 else { throw .missingFeature(field: field(feature.name)) }
        return []
    }
}
