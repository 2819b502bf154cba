internal import Tensors

/// The identifiers of one table and the row of each: a part of a model folder's vocabulary.safetensors.
public struct TableIdentifiers: Sendable, Equatable {
    /// Identifiers of one kind, ascending: numbers by value, strings bytewise.
    public enum Values: Sendable, Equatable {
        /// Of a table with "ids": "uint64".
        case integers([UInt64])
        /// Of a table with "ids": "string": UTF-8 without NUL.
        case strings([String])

        /// Identifiers.
        public var count: Int {
            switch self {
            case .integers(let values): values.count
            case .strings(let values): values.count
            }
        }
    }

    /// The table's name.
    public var table: String
    /// Its identifiers.
    public var values: Values
    /// The row of each; 0 for one that was not seen in training.
    public var rows: [Int32]
    /// For each other table that is looked up: the row there of each identifier.
    public var lookups: [(table: String, rows: [Int32])]

    /// Identifiers of a table; precondition: one row each.
    public init(
        table: String, values: Values, rows: [Int32], lookups: [(table: String, rows: [Int32])] = []
    ) {
        precondition(
            rows.count == values.count && lookups.allSatisfy { $0.rows.count == rows.count }, "one row each")
        self.table = table
        self.values = values
        self.rows = rows
        self.lookups = lookups
    }

    /// Whether all parts are equal.
    public static func == (one: TableIdentifiers, other: TableIdentifiers) -> Bool {
        one.table == other.table && one.values == other.values && one.rows == other.rows
            && one.lookups.map(\.table) == other.lookups.map(\.table)
            && one.lookups.map(\.rows) == other.lookups.map(\.rows)
    }

    /// Writes the file of all tables.
    static func write(_ tables: [TableIdentifiers], to path: String) throws(DatasetError) {
        do {
            let writer = try SafetensorsWriter(path: path, tensors: tables.flatMap(\.declarations))
            for table in tables { try table.append(to: writer) }
            try writer.finish()
        } catch { throw .tensors(error) }
    }

    private var declarations: [SafetensorsWriter.Declaration] {
        let count = rows.count
        let own: [SafetensorsWriter.Declaration] =
            switch values {
            case .integers: [.init("\(table).ids", .u64, [count])]
            case .strings(let strings):
                [
                    .init("\(table).offsets", .u64, [count + 1]),
                    .init("\(table).bytes", .u8, [strings.reduce(0) { $0 + $1.utf8.count }]),
                ]
            }
        return own + [.init("\(table).rows", .i32, [count])]
            + lookups.map { .init("\(table).\($0.table)", .i32, [count]) }
    }

    private func append(to writer: SafetensorsWriter) throws(TensorError) {
        switch values {
        case .integers(let integers): try writer.append(integers, to: "\(table).ids")
        case .strings(let strings):
            var end: UInt64 = 0
            try writer.append([end], to: "\(table).offsets")
            for string in strings {
                end += UInt64(string.utf8.count)
                try writer.append(Array(string.utf8), to: "\(table).bytes")
                try writer.append([end], to: "\(table).offsets")
            }
        }
        try writer.append(rows, to: "\(table).rows")
        for lookup in lookups { try writer.append(lookup.rows, to: "\(table).\(lookup.table)") }
    }
}
