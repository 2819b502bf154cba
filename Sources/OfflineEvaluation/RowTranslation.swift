internal import DIEN
internal import Datasets
internal import Files
internal import Tensors

/// From the rows of a data set to those of a model: both have their own vocabulary, since a model may have been trained
/// on other data. Rows meet by identifier; one that the model does not know is its row 0, as in serving.
struct RowTranslation {
    /// The model's row for each of the data set's, a table each.
    private let rows: [String: [Int]]

    init(_ dataset: Dataset, _ model: NamedModel) throws {
        let file = try SafetensorsFile(MappedFile(path: dataset.vocabularyPath))
        var rows: [String: [Int]] = [:]
        for table in dataset.description.tables
        where model.model.configuration.tables.contains(where: { $0.name == table.name }) {
            let identifiers = try DatasetIdentifiers(file, table)
            guard let found = model.model.rows(of: identifiers.values, in: table.name) else {
                throw OfflineEvaluationError.differentIdentifiers(table: table.name, model: model.name)
            }
            var translation = [Int](repeating: 0, count: table.rows)
            for (row, modelRow) in zip(identifiers.rows, found) where row > 0 && Int(row) < table.rows {
                translation[Int(row)] = modelRow
            }
            rows[table.name] = translation
        }
        self.rows = rows
    }

    /// One feature's column in the data set, and the translation of its rows.
    struct Column {
        let position: Int
        let rows: [Int]

        func callAsFunction(_ row: Int32) -> Int { rows[Int(row)] }
    }

    /// For each feature of the model the column of the data set that has it, in the order of the model.
    func columns(
        _ role: String, _ features: [ModelConfiguration.Feature],
        in columns: [DatasetDescription.Feature], model: String
    ) throws -> [Column] {
        try features.map { feature in
            guard let position = columns.firstIndex(where: { $0.name == feature.name }),
                columns[position].table == feature.table, let rows = rows[feature.table]
            else { throw OfflineEvaluationError.missingFeature(role: role, name: feature.name, model: model) }
            return Column(position: position, rows: rows)
        }
    }
}
