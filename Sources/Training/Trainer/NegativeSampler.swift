internal import Datasets

/// Draws the auxiliary loss's negatives: an event of the training data for each step of a history, uniformly, so that
/// items come by their popularity; drawn again where it is the step's own item.
struct NegativeSampler {
    /// One list a history feature, aligned: element i of each is event i.
    private let events: [[Int32]]
    private let count: Int
    private let seed: UInt64
    /// Where all events are of one item, another one never comes.
    private static let attempts = 100

    /// Draws from these events.
    /// - Precondition: the lists are of one length.
    init(events: [[Int32]], seed: UInt64) {
        let count = events.first?.count ?? 0
        precondition(events.allSatisfy { $0.count == count }, "one value an event")
        self.events = events
        self.count = count
        self.seed = seed
    }

    /// One negative for each positive, whose first feature is given, as one list a feature; empty without events.
    func draw(positives: [Int], epoch: Int, batch: Int) -> [[Int]] {
        guard count > 0 else { return [] }
        var generator = SeededGenerator(seed: seed, .negatives, epoch, batch)
        let drawn = positives.map { positive in
            var event = Int.random(in: 0..<count, using: &generator)
            var attempts = 1
            while Int(events[0][event]) == positive, attempts < Self.attempts {
                event = Int.random(in: 0..<count, using: &generator)
                attempts += 1
            }
            return event
        }
        return events.map { values in drawn.map { Int(values[$0]) } }
    }
}
