internal import Tensors

/// From the identifiers on the wire to rows of the embedding tables: vocabulary.safetensors, mapped and searched in place.
struct Vocabulary: Sendable {
    private let tables: [TableVocabulary]

    /// Checks every tensor: ascending identifiers, rows in range, no tensor that nobody needs.
    init(_ file: SafetensorsFile, _ configuration: ModelConfiguration) throws(ModelError) {
        var tables: [TableVocabulary] = []
        var expected: Set<String> = []
        for table in configuration.tables {
            let lookups = Self.lookups(into: table.name, configuration, file)
            let vocabulary = try TableVocabulary(file, table, lookups: lookups)
            expected.formUnion(vocabulary.tensorNames)
            tables.append(vocabulary)
        }
        for tensor in file.tensors where !expected.contains(tensor.name) {
            throw .unexpectedTensor(file: "vocabulary.safetensors", tensor: tensor.name)
        }
        self.tables = tables
    }

    /// The vocabulary of a table, by its place in the configuration.
    subscript(table: Int) -> TableVocabulary { tables[table] }

    /// The tables that this one's identifiers tell rows of: those that a feature looks up, and those given anyway.
    private static func lookups(
        into table: String, _ configuration: ModelConfiguration, _ file: SafetensorsFile
    ) -> [ModelConfiguration.Table] {
        let needed = FeatureRole.allCases.flatMap { role in
            let features = configuration.features(role)
            return features.filter { feature in
                features.contains { $0.name == feature.lookup && $0.table == table }
            }
        }
        return configuration.tables.filter { other in
            needed.contains { $0.table == other.name }
                || file.description(of: "\(table).\(other.name)") != nil
        }
    }
}
