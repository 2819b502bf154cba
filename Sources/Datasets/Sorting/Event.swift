/// One interaction, identifiers as numbers.
struct Event: Equatable {
    var user: Int32
    var item: Int32
    /// In whatever unit the input has.
    var time: Int64
    /// Its place in the input, which orders events of one time.
    var order: UInt64

    /// Words it takes on disk.
    static let words = 3

    /// As words, for a file.
    func append(to words: inout [UInt64]) {
        words.append(UInt64(UInt32(bitPattern: user)) << 32 | UInt64(UInt32(bitPattern: item)))
        words.append(UInt64(bitPattern: time))
        words.append(order)
    }

    init(user: Int32, item: Int32, time: Int64, order: UInt64) {
        self.user = user
        self.item = item
        self.time = time
        self.order = order
    }

    /// From three words of a file.
    init(_ words: [UInt64], at index: Int) {
        user = Int32(truncatingIfNeeded: words[index] >> 32)
        item = Int32(truncatingIfNeeded: words[index])
        time = Int64(bitPattern: words[index + 1])
        order = words[index + 2]
    }
}

extension Event: Comparable {
    /// By user, then time, then place in the input: a total order, so that sorting is repeatable.
    static func < (one: Event, other: Event) -> Bool {
        if one.user != other.user { return one.user < other.user }
        if one.time != other.time { return one.time < other.time }
        return one.order < other.order
    }
}
