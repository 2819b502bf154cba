internal import Files

/// Groups any number of events by user, each user's oldest first, in bounded memory: sorted runs go to a temporary file
/// without a name and are merged as often as somebody reads.
final class EventSorter {
    /// Events that are held in memory at once.
    private let capacity: Int
    private let folder: String
    private var buffer: [Event] = []
    private var file: WordFile?
    /// Where each run stands in the file, in words.
    private var runs: [Range<Int>] = []
    /// Events in all.
    private(set) var count = 0

    init(folder: String, capacity: Int = 1 << 20) {
        self.folder = folder
        self.capacity = capacity
    }

    /// Adds an event; its `order` is its place.
    func append(user: Int, item: Int, time: Int64) throws(DatasetError) {
        if buffer.count == capacity { try spill() }
        buffer.append(Event(user: Int32(user), item: Int32(item), time: time, order: UInt64(count)))
        count += 1
    }

    private func spill() throws(DatasetError) {
        buffer.sort()
        do {
            if self.file == nil { self.file = try WordFile(in: folder) }
            guard let file = self.file else { preconditionFailure("it was just made") }
            let begin = file.count
            var words: [UInt64] = []
            for (index, event) in buffer.enumerated() {
                event.append(to: &words)
                guard words.count >= 1 << 13 || index == buffer.count - 1 else { continue }
                try file.append(words)
                words.removeAll(keepingCapacity: true)
            }
            runs.append(begin..<file.count)
        } catch { throw .file(error) }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Calls `body` for each user, in the order of their numbers, with the items of its events, oldest first.
    func forEachUser(_ body: (Int, [Int32]) throws(DatasetError) -> Void) throws(DatasetError) {
        if runs.isEmpty {
            buffer.sort()
        } else if !buffer.isEmpty {
            try spill()
            buffer = []
        }
        var group: [Int32] = []
        var user: Int32 = -1
        try forEachEvent { (event: Event) throws(DatasetError) in
            if event.user != user {
                if !group.isEmpty { try body(Int(user), group) }
                group.removeAll(keepingCapacity: true)
                user = event.user
            }
            group.append(event.item)
        }
        if !group.isEmpty { try body(Int(user), group) }
    }

    private func forEachEvent(_ body: (Event) throws(DatasetError) -> Void) throws(DatasetError) {
        guard let file else {
            for event in buffer { try body(event) }
            return
        }
        // All runs together take as much as one did when it was sorted.
        let share = max(64, capacity / max(runs.count, 1))
        var heap = RunHeap()
        for run in runs {
            if let reader = try RunReader(file, run, events: share) { heap.push(reader) }
        }
        while let reader = heap.first {
            try body(reader.event)
            if try reader.advance() { heap.siftFirst() } else { heap.popFirst() }
        }
    }
}

/// One sorted run, read piece by piece.
private final class RunReader {
    private let file: WordFile
    private var rest: Range<Int>
    private var words: [UInt64]
    private var position = 0
    private var loaded = 0
    /// The event that it stands at.
    private(set) var event: Event

    /// Nil for a run without events.
    init?(_ file: WordFile, _ run: Range<Int>, events: Int) throws(DatasetError) {
        guard !run.isEmpty else { return nil }
        self.file = file
        rest = run
        words = [UInt64](repeating: 0, count: events * Event.words)
        event = Event(user: 0, item: 0, time: 0, order: 0)
        _ = try advance()
    }

    /// Goes to the next event; false at the end.
    func advance() throws(DatasetError) -> Bool {
        if position == loaded {
            guard !rest.isEmpty else { return false }
            let piece = rest.lowerBound..<min(rest.lowerBound + words.count, rest.upperBound)
            do { try file.read(piece, into: &words) } catch { throw .file(error) }
            rest = piece.upperBound..<rest.upperBound
            loaded = piece.count
            position = 0
        }
        event = Event(words, at: position)
        position += Event.words
        return true
    }
}

/// A binary heap of runs, the one with the least event first.
private struct RunHeap {
    private var runs: [RunReader] = []

    var first: RunReader? { runs.first }

    mutating func push(_ run: RunReader) {
        runs.append(run)
        var index = runs.count - 1
        while index > 0, runs[index].event < runs[(index - 1) / 2].event {
            runs.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func popFirst() {
        runs.swapAt(0, runs.count - 1)
        runs.removeLast()
        siftFirst()
    }

    /// Puts the first run where it belongs after its event has grown.
    mutating func siftFirst() {
        var index = 0
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2]
            where child < runs.count && runs[child].event < runs[least].event {
                least = child
            }
            if least == index { return }
            runs.swapAt(index, least)
            index = least
        }
    }
}
