internal import Tensors

/// The embedding tables, left where the file is mapped; rows become float32 as they are read.
struct Embeddings: Sendable {
    private let tables: [MappedTable]
    private let names: [String]
    /// Width of one embedding, E.
    let size: Int

    init(_ parameters: inout ModelParameters, _ configuration: ModelConfiguration) throws(ModelError) {
        size = configuration.embeddingSize
        var tables: [MappedTable] = []
        for table in configuration.tables { tables.append(try parameters.table(table, columns: size)) }
        self.tables = tables
        names = configuration.tables.map(\.name)
    }

    /// Whether the elements of a table are not float32.
    var isCompressed: Bool { tables.contains { $0.type != .f32 } }

    /// What the elements of each table are.
    var types: [String: ElementType] { Dictionary(uniqueKeysWithValues: zip(names, tables.map(\.type))) }

    /// One row an element of a part of the role, its features' embeddings side by side: [elements, features · E].
    func vectors(of rows: EmbeddingRows, _ elements: Range<Int>, into vectors: inout Matrix) {
        vectors.resize(rows: elements.count, columns: rows.features.count * size)
        copyVectors(of: rows, elements, into: &vectors, row: 0)
    }

    /// The same into a part of a matrix, from `row` and `column` on.
    func copyVectors(
        of rows: EmbeddingRows, _ elements: Range<Int>, into vectors: inout Matrix, row: Int, column: Int = 0
    ) {
        for (position, feature) in rows.features.enumerated() {
            tables[feature.table].gather(
                feature.rows, elements, into: &vectors, row: row, column: column + position * size)
        }
    }
}

/// Rows of embedding tables for all elements of one role.
struct EmbeddingRows: Sendable {
    /// Elements: behaviours, candidates, or one.
    var count: Int
    /// One list of `count` rows a feature, in the order of the configuration, and the place of its table there.
    var features: [(table: Int, rows: [Int])]
}

extension EmbeddingRows {
    /// Element after element, an element's features side by side.
    var stepwise: [Int32] {
        let width = features.count
        var rows = [Int32](repeating: 0, count: count * width)
        for (position, feature) in features.enumerated() {
            for element in 0..<count {
                rows[element * width + position] = Int32(truncatingIfNeeded: feature.rows[element])
            }
        }
        return rows
    }
}
