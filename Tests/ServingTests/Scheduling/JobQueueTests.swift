import Testing

@testable import GRPC
@testable import Serving

struct JobQueueTests {
    private let start = ContinuousClock.now

    private func entry(_ job: Int, at milliseconds: Int?, isSmall: Bool = false) -> JobQueue<Int>.Entry {
        JobQueue.Entry(
            job, deadline: milliseconds.map { Deadline(start + .milliseconds($0)) }, isSmall: isSmall)
    }

    @Test func `the earliest deadline goes first, then those without one, each in the order they came`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            var queue = JobQueue<Int>(limit: 200)
            let deadlines = (0..<100).map { _ in Int.random(in: 0...20, using: &generator) }
            for (job, deadline) in deadlines.enumerated() {
                let isTaken = queue.add(entry(job, at: deadline == 0 ? nil : deadline))
                #expect(isTaken)
            }
            var found: [Int] = []
            while let next = queue.take(atMost: 16).first { found.append(next.job) }
            let expected = deadlines.indices.sorted { one, other in
                let (left, right) = (deadlines[one], deadlines[other])
                return (left == 0 ? .max : left, one) < (right == 0 ? .max : right, other)
            }
            #expect(found == expected, "\(deadlines)")
        }
    }

    @Test func `a full queue takes no more, and again when one has left`() {
        var queue = JobQueue<Int>(limit: 2)
        let taken = [1, 2, 3].map { queue.add(entry($0, at: nil)) }
        #expect(taken == [true, true, false])
        let first = queue.take(atMost: 1).map(\.job)
        let again = queue.add(entry(4, at: nil))
        #expect(first == [1] && again && queue.count == 2)
    }

    @Test func `small jobs come along with a small one until a large one is next`() {
        var queue = JobQueue<Int>(limit: 9)
        for (job, isSmall) in [true, true, true, false, true, false].enumerated() {
            _ = queue.add(entry(job, at: nil, isSmall: isSmall))
        }
        let taken = [2, 16, 16, 16, 16, 16].map { queue.take(atMost: $0).map(\.job) }
        #expect(taken == [[0, 1], [2], [3], [4], [5], []])
    }
}
