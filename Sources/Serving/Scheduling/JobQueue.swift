import GRPC

/// The jobs that wait, the earliest deadline first; those of one deadline, and those without one, in the order in which
/// they came. A value that decides; the scheduler acts.
struct JobQueue<Job: Sendable>: Sendable {
    /// A job with what orders it.
    struct Entry: Sendable {
        let job: Job
        let deadline: Deadline?
        /// Whether it may be scored beside others.
        let isSmall: Bool
        fileprivate var number: UInt64 = 0

        init(_ job: Job, deadline: Deadline?, isSmall: Bool) {
            self.job = job
            self.deadline = deadline
            self.isSmall = isSmall
        }

        fileprivate static func < (one: Entry, other: Entry) -> Bool {
            switch (one.deadline, other.deadline) {
            case (let left?, let right?) where left != right: left < right
            case (_?, nil): true
            case (nil, _?): false
            default: one.number < other.number
            }
        }
    }

    /// The most jobs that wait.
    let limit: Int
    /// A binary heap.
    private var entries: [Entry] = []
    private var next: UInt64 = 0

    init(limit: Int) { self.limit = limit }

    var count: Int { entries.count }

    /// False where the queue is full.
    mutating func add(_ entry: Entry) -> Bool {
        guard entries.count < limit else { return false }
        var entry = entry
        entry.number = next
        next += 1
        entries.append(entry)
        var child = entries.count - 1
        while child > 0, entries[child] < entries[(child - 1) / 2] {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
        return true
    }

    /// The next job; and where it is small, and others may come along, the small ones right behind it.
    mutating func take(atMost count: Int) -> [Entry] {
        guard let first = pop() else { return [] }
        var taken = [first]
        while first.isSmall, taken.count < count, entries.first?.isSmall == true, let other = pop() {
            taken.append(other)
        }
        return taken
    }

    private mutating func pop() -> Entry? {
        guard let first = entries.first, let last = entries.popLast() else { return nil }
        guard !entries.isEmpty else { return first }
        entries[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < entries.count && entries[child] < entries[least] {
                least = child
            }
            guard least != parent else { return first }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}
