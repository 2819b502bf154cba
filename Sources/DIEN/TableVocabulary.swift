internal import Tensors

/// The identifiers of one table, ascending, and the row of each.
final class TableVocabulary: Sendable {
    private enum IDs {
        case integers(AscendingIdentifiers)
        case strings(StringTable)
    }

    private let ids: IDs
    private let rows: MappedTensor<Int32>
    private let lookups: [String: MappedTensor<Int32>]
    /// The tensors it consists of.
    let tensorNames: [String]

    init(
        _ file: SafetensorsFile, _ table: ModelConfiguration.Table, lookups: [ModelConfiguration.Table]
    ) throws(ModelError) {
        let count: Int
        switch table.ids {
        case .uint64:
            let integers = try Self.integers(file, "\(table.name).ids")
            ids = .integers(integers)
            count = integers.count
        case .string:
            let strings = try StringTable(file, table: table.name)
            ids = .strings(strings)
            count = strings.count
        }
        rows = try Self.rows(file, "\(table.name).rows", count: count, below: table.rows)
        var columns: [String: MappedTensor<Int32>] = [:]
        for other in lookups {
            columns[other.name] = try Self.rows(
                file, "\(table.name).\(other.name)", count: count, below: other.rows)
        }
        self.lookups = columns
        let own = table.ids == .uint64 ? ["ids"] : ["bytes", "offsets"]
        tensorNames = (own + ["rows"] + lookups.map(\.name)).map { "\(table.name).\($0)" }
    }

    /// What its identifiers are.
    var kind: IDKind {
        switch ids {
        case .integers: .uint64
        case .strings: .string
        }
    }

    /// The position of each of the last identifiers, -1 where it is unknown; nil when the values are of the other kind.
    /// An empty column is of either kind.
    func positions(of values: FeatureColumn.Values, last count: Int) -> [Int]? {
        guard values.count > 0 else { return [] }
        return switch (ids, values) {
        case (.integers(let known), .ids(let ids)): known.positions(of: ids.suffix(count))
        case (.strings(let known), .strings(let strings)):
            strings.suffix(count).map { known.position(of: $0) ?? -1 }
        default: nil
        }
    }

    /// The row of the identifier at each position, 0 where that is negative.
    func rows(at positions: [Int]) -> [Int] { rows.elements(at: positions) }

    /// The row, in table `other`, that goes with each identifier. Precondition: a feature of that table is looked up here.
    func rows(in other: String) -> MappedTensor<Int32> {
        guard let rows = lookups[other] else { preconditionFailure("no lookup of the configuration") }
        return rows
    }

    private static func integers(
        _ file: SafetensorsFile, _ name: String
    ) throws(ModelError) -> AscendingIdentifiers {
        let ids = try tensor(file, name, of: UInt64.self, count: nil)
        let values = ids.elements()
        for index in values.indices.dropFirst() where values[index] <= values[index - 1] {
            throw .invalidVocabulary(
                tensor: name,
                reason: "element \(index) is not above the one before it; sort, without duplicates")
        }
        return AscendingIdentifiers(ids)
    }

    private static func rows(
        _ file: SafetensorsFile, _ name: String, count: Int, below limit: Int
    ) throws(ModelError) -> MappedTensor<Int32> {
        let rows = try tensor(file, name, of: Int32.self, count: count)
        for (index, row) in rows.elements().enumerated() where row < 0 || row >= limit {
            throw .invalidVocabulary(
                tensor: name, reason: "element \(index) is row \(row) of a table of \(limit) rows")
        }
        return rows
    }

    static func tensor<Element: TensorElement>(
        _ file: SafetensorsFile, _ name: String, of type: Element.Type, count: Int?
    ) throws(ModelError) -> MappedTensor<Element> {
        do { return try file.tensor(name, of: type, shape: [count]) } catch { throw .invalidTensors(error) }
    }
}
