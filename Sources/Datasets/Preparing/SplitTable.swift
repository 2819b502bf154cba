/// What a split file fixes for each user: its bucket, and the negatives of its last event.
struct SplitTable {
    /// What one line says, items as numbers; -1 where it says nothing.
    struct Entry: Equatable {
        var bucket: Int8
        var positive, popular, uniform: Int32
    }

    /// One a user; a bucket of 0 where the file has none.
    private var entries: [Entry] = []

    /// Sets the entry of a user.
    mutating func set(_ user: Int, _ entry: Entry) {
        while entries.count <= user {
            entries.append(Entry(bucket: 0, positive: -1, popular: -1, uniform: -1))
        }
        entries[user] = entry
    }

    /// The bucket of a user, 1 to 10.
    func bucket(_ user: Int) -> Int? {
        guard user < entries.count, entries[user].bucket > 0 else { return nil }
        return Int(entries[user].bucket)
    }

    /// The negative of a user's last event, if the file has one.
    ///
    /// - Throws: `unusableInput` when the file was made from other interactions: its positive is not the last event's.
    func negative(
        _ user: Int, _ positive: Int32, _ name: ArraySlice<UInt8>, _ sampling: NegativeSampling
    ) throws(DatasetError) -> Int32? {
        guard user < entries.count, entries[user].bucket > 0 else { return nil }
        let entry = entries[user]
        guard entry.positive < 0 || entry.positive == positive else {
            throw .unusableInput(
                reason:
                    "the split file has another last item of user \"\(String(decoding: name, as: UTF8.self))\" "
                    + "than the interactions; use the one that belongs to them, or --ignore-split")
        }
        let negative = sampling == .uniform ? entry.uniform : entry.popular
        return negative >= 0 ? negative : nil
    }
}
