import Datasets
import Messages

/// The identifiers of one table's rows, as requests name them; row 0, which stands for all that training did not know, by an
/// identifier that no row has.
struct RowNames {
    /// The identifier of each row, also of those that have none.
    private let values: FeatureColumn.Values

    init(_ identifiers: TableIdentifiers, rows: Int) {
        switch identifiers.values {
        case .integers(let ids):
            // They ascend: of the seventeen largest numbers one is free.
            let taken = Set(ids.suffix(16))
            let unknown = (0...16).lazy.map { UInt64.max - $0 }.first { !taken.contains($0) } ?? .max
            values = .ids(Self.names(ids, identifiers.rows, count: rows, unknown: unknown))
        case .strings(let strings):
            let taken = Set(strings)
            var unknown = "unknown"
            while taken.contains(unknown) { unknown += "?" }
            values = .strings(Self.names(strings, identifiers.rows, count: rows, unknown: unknown))
        }
    }

    /// Of several identifiers of a row the first.
    private static func names<Name>(_ all: [Name], _ rows: [Int32], count: Int, unknown: Name) -> [Name] {
        var names = [Name?](repeating: nil, count: count)
        for (name, row) in zip(all, rows) where row > 0 && Int(row) < count && names[Int(row)] == nil {
            names[Int(row)] = name
        }
        return names.map { $0 ?? unknown }
    }

    /// A column of these rows. Precondition: they lie inside the table, which `Dataset` has checked.
    func column(_ name: String, _ rows: [Int32]) -> FeatureColumn {
        switch values {
        case .ids(let ids): FeatureColumn(name: name, ids: rows.map { ids[Int($0)] })
        case .strings(let strings): FeatureColumn(name: name, strings: rows.map { strings[Int($0)] })
        }
    }
}
