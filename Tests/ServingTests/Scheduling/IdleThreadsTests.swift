import Testing

@testable import Serving

struct IdleThreadsTests {
    private func all(_ processors: [Int?]) -> IdleThreads {
        var idle = IdleThreads(processors: processors)
        for thread in processors.indices { idle.sleep(thread) }
        return idle
    }

    @Test func `where nothing is going on the thread of the caller's processor is woken`() {
        for processor in [4, 5, 6] {
            var idle = all([4, 5, 6])
            let woken = idle.wake(near: processor)
            #expect(woken == processor - 4 && idle.count == 2)
        }
    }

    @Test func `while a thread works, the one that fell asleep last is woken`() {
        var idle = all([4, 5, 6])
        let first = idle.wake(near: 5)
        let second = idle.wake(near: 4)
        #expect(first == 1 && second == 2)
        idle.sleep(1)
        let third = idle.wake(near: 4)
        #expect(third == 1)
    }

    @Test func `threads that are kept nowhere, and processors that are not told, take the last one`() {
        var idle = all([nil, nil])
        let woken = [idle.wake(near: 0), idle.wake(near: nil), idle.wake(near: 1)]
        #expect(woken == [1, 0, nil])
    }

    @Test func `helpers are as many as sleep, and no more than are wanted`() {
        var idle = all([0, 1, 2])
        let none = idle.wake(atMost: 0)
        let two = idle.wake(atMost: 2)
        let rest = idle.wake(atMost: 9)
        #expect(none.isEmpty && Set(two) == [1, 2] && rest == [0] && idle.count == 0)
    }
}
