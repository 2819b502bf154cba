/// Makes the samples of one user from its events: the same ones each time it is asked.
struct SampleMaker {
    private let options: PreparationOptions
    private let split: SplitTable?
    private let negatives: NegativeItems

    /// One positive and one negative target after the first `end` events.
    struct Pair: Equatable {
        var split: DatasetSplit
        var end: Int
        var positive, negative: Int32
    }

    init(_ options: PreparationOptions, split: SplitTable?, negatives: NegativeItems) {
        self.options = options
        self.split = split
        self.negatives = negatives
    }

    /// The pairs of a user, and how many of its first events training sees.
    ///
    /// - Parameters:
    ///   - name: the user's identifier, from which its part in the split follows where no split file says it.
    ///   - items: of its events, oldest first.
    func pairs(user: Int, name: ArraySlice<UInt8>, items: [Int32]) throws(DatasetError) -> (
        pairs: [Pair], trained: Int
    ) {
        let ends = ends(user: user, name: name, count: items.count)
        var generator = SeededGenerator(seed: options.seed, stream: UInt64(user))
        var pairs: [Pair] = []
        for (split, end) in ends {
            let positive = items[end]
            let negative: Int32
            if end == items.count - 1,
                let given = try self.split?.negative(user, positive, name, options.negatives)
            {
                negative = given
            } else if let drawn = negatives.draw(positive: positive, own: items, using: &generator) {
                negative = drawn
            } else {
                throw .unusableInput(
                    reason: "user \"\(String(decoding: name, as: UTF8.self))\" has every item there is: "
                        + "no negative can be drawn; leave such users out or allow their own items")
            }
            pairs.append(Pair(split: split, end: end, positive: positive, negative: negative))
        }
        let last = ends.last { $0.split == .train }?.end
        return (pairs, last.map { $0 + 1 } ?? 0)
    }

    /// Which events are targets, oldest first; the first event has no history and is none.
    private func ends(user: Int, name: ArraySlice<UInt8>, count: Int) -> [(split: DatasetSplit, end: Int)] {
        guard count > 1 else { return [] }
        let last = count - 1
        let isValidation = isValidation(name)
        if options.sampling == .leaveOneOut {
            let validation = isValidation && count > 2 ? last - 1 : last
            return (1..<last).map { ($0 < validation ? .train : .validation, $0) } + [(.test, last)]
        }
        if bucket(user: user, name: name) == options.testBucket { return [(.test, last)] }
        if isValidation { return [(.validation, last)] }
        let first = options.sampling == .prefixes ? 1 : last
        return (first...last).map { (.train, $0) }
    }

    private func isValidation(_ name: ArraySlice<UInt8>) -> Bool {
        let hash = SeededGenerator.hash(name, seed: options.seed, purpose: 1)
        return Double(hash >> 11) * 0x1p-53 < options.validation
    }

    private func bucket(user: Int, name: ArraySlice<UInt8>) -> Int {
        if let bucket = split?.bucket(user) { return bucket }
        return Int(SeededGenerator.hash(name, seed: options.seed, purpose: 2) % 10) + 1
    }
}
