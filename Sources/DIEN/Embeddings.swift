internal import Tensors

/// The embedding tables, left where the file is mapped.
struct Embeddings: Sendable {
    private let tables: [String: MappedTensor<Float>]
    private let size: Int

    init(_ parameters: inout ModelParameters, _ configuration: ModelConfiguration) throws(ModelError) {
        size = configuration.embeddingSize
        var tables: [String: MappedTensor<Float>] = [:]
        for table in configuration.tables {
            tables[table.name] = try parameters.table(table, columns: size)
        }
        self.tables = tables
    }

    /// One row an element of the role, its features' embeddings side by side: [count, features · E].
    func vectors(of rows: EmbeddingRows) -> Matrix {
        var vectors = Matrix(rows: rows.count, columns: rows.features.count * size)
        for (position, feature) in rows.features.enumerated() {
            guard let table = tables[feature.table] else {
                preconditionFailure("no table of the configuration")
            }
            for (element, row) in feature.rows.enumerated() {
                table.copyRow(row, into: &vectors, row: element, column: position * size)
            }
        }
        return vectors
    }
}

/// Rows of embedding tables for all elements of one role.
struct EmbeddingRows: Sendable {
    /// Elements: behaviours, candidates, or one.
    var count: Int
    /// One list of `count` rows a feature, in the order of the configuration.
    var features: [(table: String, rows: [Int])]
}
