/// A request as rows of the embedding tables.
struct ResolvedInput: Sendable {
    var profile: EmbeddingRows
    var history: EmbeddingRows
    var candidates: EmbeddingRows
    var context: EmbeddingRows
    var unknownIDs: [UnknownIDs]
}

/// Checks a request against the configuration and maps its identifiers to rows.
struct InputResolver: Sendable {
    let configuration: ModelConfiguration
    let vocabulary: Vocabulary

    func resolve(_ input: RankingInput) throws(ScoringError) -> ResolvedInput {
        var unknown: [UnknownIDs] = []
        let profile = try rows(of: .profile, input.profile, &unknown)
        let history = try rows(of: .history, input.history, &unknown)
        let candidates = try rows(of: .candidates, input.candidates, &unknown)
        let context = try rows(of: .context, input.context, &unknown)
        return ResolvedInput(
            profile: profile, history: history, candidates: candidates, context: context, unknownIDs: unknown)
    }

    private func rows(
        of role: FeatureRole, _ columns: [FeatureColumn], _ unknown: inout [UnknownIDs]
    ) throws(ScoringError) -> EmbeddingRows {
        let features = configuration.features(role)
        let given = try columnsByName(role, columns, features)
        let sent = try count(of: role, columns, features)
        // The oldest behaviours are dropped: the most recent ones tell the user's interest.
        let used = role == .history ? min(sent, configuration.maxHistory) : sent
        var resolved: [String: ResolvedColumn] = [:]
        for (name, values) in given {
            resolved[name] = try column(role, features, name, values, last: used)
        }
        var result = EmbeddingRows(count: used, features: [])
        for feature in features {
            let rows = try self.rows(of: feature, role, resolved, used)
            let unknownRows = resolved[feature.name] == nil ? 0 : rows.count { $0 == 0 }
            if unknownRows > 0 {
                unknown.append(UnknownIDs(role: role, feature: feature.name, count: unknownRows))
            }
            result.features.append((feature.table, rows))
        }
        return result
    }

    static func field(_ role: FeatureRole, _ feature: String) -> String { "\(role.rawValue).\(feature)" }
}

extension InputResolver {
    private func columnsByName(
        _ role: FeatureRole, _ columns: [FeatureColumn], _ features: [ModelConfiguration.Feature]
    ) throws(ScoringError) -> [String: FeatureColumn.Values] {
        var given: [String: FeatureColumn.Values] = [:]
        for column in columns {
            let field = Self.field(role, column.name)
            guard features.contains(where: { $0.name == column.name }) else { throw .unknownFeature(field: field) }
            guard given.updateValue(column.values, forKey: column.name) == nil else {
                throw .duplicateFeature(field: field)
            }
        }
        return given
    }

    /// How many elements the role has: one of a profile or context, as many as each column of the others.
    private func count(
        of role: FeatureRole, _ columns: [FeatureColumn], _ features: [ModelConfiguration.Feature]
    ) throws(ScoringError) -> Int {
        switch role {
        case .profile, .context:
            for column in columns where column.values.count != 1 {
                throw .wrongCount(field: Self.field(role, column.name), count: column.values.count)
            }
            return features.isEmpty ? 0 : 1
        case .history, .candidates:
            let count = columns.first?.values.count ?? 0
            for column in columns where column.values.count != count {
                throw .unequalColumns(
                    field: Self.field(role, column.name), count: column.values.count, expected: count)
            }
            guard role == .history || count > 0 else { throw .noCandidates }
            return count
        }
    }

    /// The last `count` identifiers of a column, found in their vocabulary.
    private func column(
        _ role: FeatureRole, _ features: [ModelConfiguration.Feature], _ name: String,
        _ values: FeatureColumn.Values, last count: Int
    ) throws(ScoringError) -> ResolvedColumn {
        guard let feature = features.first(where: { $0.name == name }), let table = vocabulary[feature.table]
        else { throw .unknownFeature(field: Self.field(role, name)) }
        guard let positions = table.positions(of: values, last: count) else {
            throw .wrongIDKind(field: Self.field(role, name), expected: table.kind)
        }
        return ResolvedColumn(vocabulary: table, positions: positions)
    }

    /// A feature's rows: from its own column, or looked up by the column of the feature it names.
    private func rows(
        of feature: ModelConfiguration.Feature, _ role: FeatureRole, _ columns: [String: ResolvedColumn],
        _ count: Int
    ) throws(ScoringError) -> [Int] {
        if let own = columns[feature.name] { return own.positions.map { own.vocabulary.row(at: $0) } }
        if let lookup = feature.lookup, let other = columns[lookup] {
            return other.positions.map { other.vocabulary.row(at: $0, in: feature.table) }
        }
        guard count == 0 else { throw .missingFeature(field: Self.field(role, feature.name)) }
        return []
    }
}

/// A column's identifiers as positions in a vocabulary.
private struct ResolvedColumn {
    var vocabulary: TableVocabulary
    var positions: [Int]
}
