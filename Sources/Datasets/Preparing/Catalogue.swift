/// The identifiers of an input and what belongs to each: all that preparing holds in memory of a file's size.
struct Catalogue {
    var users = Interner()
    var items = Interner()
    var categories = Interner()
    /// The category of each item, -1 where none is known.
    private(set) var categoryOf: [Int32] = []
    /// How often an item came with another category than at first.
    private(set) var conflicts = 0

    /// The number of an item, new or not; nil when it can be no identifier.
    mutating func item(_ bytes: [UInt8], _ part: Range<Int>) -> Int? {
        guard let item = items.intern(bytes, part) else { return nil }
        if item == categoryOf.count { categoryOf.append(-1) }
        return item
    }

    /// Gives an item its category, the first one that comes; false when it can be no identifier.
    mutating func setCategory(of item: Int, _ bytes: [UInt8], _ part: Range<Int>) -> Bool {
        if part.isEmpty { return true }
        guard let category = categories.intern(bytes, part) else { return false }
        if categoryOf[item] < 0 {
            categoryOf[item] = Int32(category)
        } else if categoryOf[item] != Int32(category) {
            conflicts += 1
        }
        return true
    }
}

/// How often each identifier occurs in training.
struct Frequencies {
    var users: [UInt32]
    var items: [UInt32]
    var categories: [UInt32]

    init(_ catalogue: Catalogue) {
        users = [UInt32](repeating: 0, count: catalogue.users.count)
        items = [UInt32](repeating: 0, count: catalogue.items.count)
        categories = [UInt32](repeating: 0, count: catalogue.categories.count)
    }

    /// Counts an item and its category.
    mutating func count(item: Int, _ catalogue: Catalogue) {
        items[item] &+= 1
        let category = catalogue.categoryOf[item]
        if category >= 0 { categories[Int(category)] &+= 1 }
    }
}

extension Frequencies {
    /// Makes room for the identifiers that came meanwhile.
    mutating func fit(_ catalogue: Catalogue) {
        Self.fit(&users, catalogue.users.count)
        Self.fit(&items, catalogue.items.count)
        Self.fit(&categories, catalogue.categories.count)
    }

    private static func fit(_ counts: inout [UInt32], _ count: Int) {
        if counts.count < count { counts += [UInt32](repeating: 0, count: count - counts.count) }
    }
}
