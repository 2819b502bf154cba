/// The rows of all identifiers: by falling frequency in training, ties by ascending identifier (numbers by value, strings
/// bytewise), from 1; 0 for what training does not have.
struct Vocabularies {
    let users, items, categories: RankedTable
    /// The category's row of each item.
    let categoryRows: [Int32]

    init(_ catalogue: Catalogue, _ frequencies: Frequencies) {
        users = RankedTable(catalogue.users, frequencies.users)
        items = RankedTable(catalogue.items, frequencies.items)
        let categories = RankedTable(catalogue.categories, frequencies.categories)
        self.categories = categories
        categoryRows = catalogue.categoryOf.map { $0 < 0 ? 0 : categories.rows[Int($0)] }
    }

    /// The tables, as a description has them.
    var tables: [DatasetDescription.Table] {
        [("user", users), ("item", items), ("category", categories)].map {
            .init(name: $0, rows: $1.count, ids: $1.kind)
        }
    }

    /// What vocabulary.safetensors holds. Users that training does not have are unknown to a model and left out; items
    /// keep their category.
    func identifiers(_ catalogue: Catalogue) -> [TableIdentifiers] {
        [
            users.identifiers(catalogue.users, table: "user", isKept: { users.rows[$0] > 0 }),
            items.identifiers(
                catalogue.items, table: "item", isKept: { _ in true }, lookup: ("category", categoryRows)),
            categories.identifiers(
                catalogue.categories, table: "category", isKept: { categories.rows[$0] > 0 }),
        ]
    }
}

/// One table's identifiers in ascending order, and the row of each.
struct RankedTable {
    let kind: DatasetDescription.IDKind
    /// The row of each identifier, by its number.
    let rows: [Int32]
    /// Rows in all, row 0 included.
    let count: Int
    /// Numbers of the identifiers in ascending order.
    private let ascending: [Int32]
    private let values: [UInt64]

    init(_ names: Interner, _ frequencies: [UInt32]) {
        let values = (0..<names.count).map { Self.integer(names[$0]) }
        let isNumeric = values.allSatisfy { $0 != nil }
        let numbers: [UInt64] = isNumeric ? values.map { $0 ?? 0 } : []
        kind = isNumeric ? .uint64 : .string
        self.values = numbers
        let order = (0..<Int32(names.count)).sorted { one, other in
            isNumeric
                ? numbers[Int(one)] < numbers[Int(other)]
                : names[Int(one)].lexicographicallyPrecedes(names[Int(other)])
        }
        ascending = order
        var place = [Int32](repeating: 0, count: order.count)
        for (index, number) in order.enumerated() { place[Int(number)] = Int32(index) }
        let ranked = order.filter { frequencies[Int($0)] > 0 }.sorted { one, other in
            let (left, right) = (frequencies[Int(one)], frequencies[Int(other)])
            return left == right ? place[Int(one)] < place[Int(other)] : left > right
        }
        var rows = [Int32](repeating: 0, count: order.count)
        for (rank, number) in ranked.enumerated() { rows[Int(number)] = Int32(rank + 1) }
        self.rows = rows
        count = ranked.count + 1
    }

    /// A decimal number that 64 bits hold, written in the only way that gives the same bytes back.
    private static func integer(_ bytes: ArraySlice<UInt8>) -> UInt64? {
        guard bytes.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), bytes.count == 1 || bytes.first != 0x30 else {
            return nil
        }
        return UInt64(String(decoding: bytes, as: UTF8.self))
    }

    /// The identifiers that are kept, ascending.
    func identifiers(
        _ names: Interner, table: String, isKept: (Int) -> Bool, lookup: (table: String, rows: [Int32])? = nil
    ) -> TableIdentifiers {
        let kept = ascending.filter { isKept(Int($0)) }
        let identifiers: TableIdentifiers.Values =
            switch kind {
            case .uint64: .integers(kept.map { values[Int($0)] })
            case .string: .strings(kept.map { String(decoding: names[Int($0)], as: UTF8.self) })
            }
        let lookups = lookup.map { lookup in
            [(table: lookup.table, rows: kept.map { lookup.rows[Int($0)] })]
        }
        return TableIdentifiers(
            table: table, values: identifiers, rows: kept.map { rows[Int($0)] }, lookups: lookups ?? [])
    }
}
