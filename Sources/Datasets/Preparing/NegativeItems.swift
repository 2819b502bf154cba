/// Draws negative targets.
struct NegativeItems {
    private let sampling: NegativeSampling
    private let excludesOwnItems: Bool
    /// Items that occur, and how many events there are up to the end of each one's.
    private let items: [Int32]
    private let cumulative: [UInt64]
    /// Draws in a row that may fail before the items are gone through.
    private static let attempts = 64

    /// - Parameter counts: events of each item, of all users: the reference draws from the list of all reviews.
    init(counts: [UInt32], _ options: PreparationOptions) {
        sampling = options.negatives
        excludesOwnItems = options.excludesOwnItems
        var items: [Int32] = []
        var cumulative: [UInt64] = []
        var total: UInt64 = 0
        for (item, count) in counts.enumerated() where count > 0 {
            total += UInt64(count)
            items.append(Int32(item))
            cumulative.append(total)
        }
        self.items = items
        self.cumulative = cumulative
    }

    /// An item that is not `positive` and, if so asked, none of the user's own; nil when there is none.
    func draw(positive: Int32, own: [Int32], using generator: inout SeededGenerator) -> Int32? {
        for _ in 0..<Self.attempts {
            let item = candidate(&generator)
            if isAllowed(item, positive, own) { return item }
        }
        // Nearly everything is excluded: from a random item on, the first that is allowed.
        let start = generator.below(items.count)
        for offset in 0..<items.count {
            let item = items[(start + offset) % items.count]
            if isAllowed(item, positive, own) { return item }
        }
        return nil
    }

    private func isAllowed(_ item: Int32, _ positive: Int32, _ own: [Int32]) -> Bool {
        item != positive && !(excludesOwnItems && own.contains(item))
    }

    private func candidate(_ generator: inout SeededGenerator) -> Int32 {
        if sampling == .uniform { return items[generator.below(items.count)] }
        let event = UInt64(generator.below(Int(cumulative[cumulative.count - 1])))
        var low = 0
        var high = cumulative.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] <= event { low = middle + 1 } else { high = middle }
        }
        return items[low]
    }
}
