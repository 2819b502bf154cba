extension ModelConfiguration {
    /// Table names are unique and are not taken by the vocabulary's own tensors.
    func checkTables() throws(ModelError) {
        var seen: Set<String> = ["ids", "rows", "bytes", "offsets"]
        for (index, table) in tables.enumerated() where !seen.insert(table.name).inserted {
            throw .invalidConfiguration(
                field: "tables[\(index)].name", reason: "\"\(table.name)\" is taken; choose another name")
        }
        var files: Set<String> = []
        for (index, table) in tables.enumerated() {
            guard let file = table.file, !files.insert(file).inserted else { continue }
            throw .invalidConfiguration(
                field: "tables[\(index)].file", reason: "\"\(file)\" holds another table; give each its own")
        }
    }

    /// A role's features have unique names, known tables, and look up features that are sent themselves.
    func checkFeatures(of role: FeatureRole) throws(ModelError) {
        let features = features(role)
        var seen: Set<String> = []
        for (index, feature) in features.enumerated() {
            let field = "features.\(role.rawValue)[\(index)]"
            guard seen.insert(feature.name).inserted else {
                throw .invalidConfiguration(
                    field: "\(field).name", reason: "\"\(feature.name)\" occurs twice")
            }
            guard tables.contains(where: { $0.name == feature.table }) else {
                throw .invalidConfiguration(field: "\(field).table", reason: "no table \"\(feature.table)\"")
            }
            guard let lookup = feature.lookup else { continue }
            guard features.contains(where: { $0.name == lookup && $0.lookup == nil }) else {
                throw .invalidConfiguration(
                    field: "\(field).lookup",
                    reason: "has to name a feature of the same role that is not looked up itself")
            }
        }
    }

    /// A behaviour and a candidate share one embedding space.
    func checkItems() throws(ModelError) {
        guard !candidates.isEmpty else {
            throw .invalidConfiguration(
                field: "features.candidates", reason: "at least one feature is needed")
        }
        guard history.map(\.table) == candidates.map(\.table) else {
            throw .invalidConfiguration(
                field: "features.history", reason: "has to name the tables of the candidates, in their order")
        }
    }
}
