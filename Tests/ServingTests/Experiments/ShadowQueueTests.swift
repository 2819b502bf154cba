import Testing

@testable import Serving

/// When a shadow may run, and which ones never do.
@Suite struct ShadowQueueTests {
    private let start = ContinuousClock.now

    @Test func `a full queue takes no more, and what waits too long leaves`() {
        var queue = ShadowQueue<Int>(limit: 3, longestWait: .milliseconds(100))
        func stale(after wait: Duration) -> [Int] { queue.removeStale(at: start + wait) }
        func take() -> Int? { queue.take() }
        for job in 0..<5 {
            let isAdded = queue.add(job, at: start + .milliseconds(40 * job))
            #expect(isAdded == (job < 3))
        }
        #expect(stale(after: .milliseconds(100)) == [])
        #expect(stale(after: .milliseconds(150)) == [0, 1])
        #expect(take() == 2)
        #expect(take() == nil && queue.count == 0)
        #expect(stale(after: .seconds(9)) == [])
    }

    @Test func `work begins on idle threads alone, and while no caller waits`() {
        let capacity = SpareCapacity()
        func may(_ idle: Int, _ waiting: Int, _ running: Int) -> Bool {
            capacity.mayBegin(.init(idleThreads: idle, waiting: waiting), running: running, at: start)
        }
        #expect(may(1, 0, 0) && may(2, 0, 1))
        #expect(!may(0, 0, 0) && !may(1, 1, 0) && !may(1, 0, 1))
    }

    @Test func `callers that wait for the last thread end it, and so does starving`() {
        var capacity = SpareCapacity()
        let idle = SpareCapacity.Load(idleThreads: 1, waiting: 0)
        func goesOn(_ load: SpareCapacity.Load, _ elapsed: Int, _ used: Int) -> Bool {
            capacity.mayGoOn(
                load, elapsed: .milliseconds(elapsed), processorTime: .milliseconds(used), at: start)
        }
        func mayBegin(after wait: Duration) -> Bool {
            capacity.mayBegin(idle, running: 0, at: start + wait)
        }
        #expect(goesOn(idle, 50, 20))
        #expect(goesOn(.init(idleThreads: 1, waiting: 1), 50, 20))
        #expect(goesOn(.init(idleThreads: 0, waiting: 0), 50, 20))
        #expect(!goesOn(.init(idleThreads: 0, waiting: 1), 50, 50))
        #expect(mayBegin(after: .zero))
        #expect(goesOn(idle, 90, 20) && !goesOn(idle, 91, 20))
        #expect(!mayBegin(after: .milliseconds(249)))
        #expect(mayBegin(after: .milliseconds(250)))
    }
}
