import Experiment
import TestSupport
import Testing

@Suite struct CountedEventsTests {
    @Test func `an event counts once, and one of another kind, item or request is another`() {
        var counted = CountedEvents(windowMilliseconds: 8000, capacity: 100)
        func add(_ kinds: EventKinds, _ request: UInt64 = 1, _ position: UInt32 = 0) -> EventKinds? {
            counted.add(kinds, request: request, position: position, served: 500, now: 600)
        }
        #expect(add(.impression) == .impression)
        #expect(add(.impression) == [])
        #expect(add([.impression, .click, .revenue]) == [.click, .revenue])
        #expect(add([.click, .cost]) == .cost)
        #expect(add(.impression, 1, 1) == .impression && add(.impression, 2, 0) == .impression)
        #expect(counted.count == 3)
    }

    @Test func `nothing is forgotten while its window is open, and everything after it`() {
        var counted = CountedEvents(windowMilliseconds: 8000, capacity: 100)
        let slices = AttributionWindow.Slices(windowMilliseconds: 8000)
        for now in stride(from: 500 as UInt64, through: 8999, by: 499) {
            let new = counted.add(.click, request: 7, position: 3, served: 500, now: now)
            #expect(new == (now == 500 ? .click : []))
            #expect(slices.refusal(served: 500, now: now) == nil)
        }
        _ = counted.add(.click, request: 8, position: 3, served: 9000, now: 9000)
        #expect(counted.count == 1)
        #expect(slices.refusal(served: 500, now: 9000) == .late)
    }

    @Test func `a full memory takes nothing new, knows what it has, and has room again later`() {
        var counted = CountedEvents(windowMilliseconds: 8000, capacity: 1000)
        for request in 0..<1000 {
            #expect(counted.add(.click, request: UInt64(request), position: 0, served: 0, now: 0) == .click)
        }
        #expect(counted.add(.click, request: 1000, position: 0, served: 0, now: 0) == nil)
        #expect(counted.add([.click, .cost], request: 999, position: 0, served: 0, now: 0) == .cost)
        #expect(counted.count == 1000)
        #expect(counted.add(.click, request: 1000, position: 0, served: 9000, now: 9000) == .click)
    }

    @Test func `many positions of many requests are told apart`() {
        var random = SplitMix64.printed("requests")
        var counted = CountedEvents(windowMilliseconds: 8000, capacity: 1_000_000)
        for _ in 0..<1000 {
            let request = random.next()
            for position in 0..<100 as Range<UInt32> {
                #expect(
                    counted.add(.impression, request: request, position: position, served: 5, now: 5)
                        == .impression)
            }
        }
        #expect(counted.count == 100_000)
    }
}

@Suite struct BadEventLimitTests {
    @Test func `a unit has one bad event a minute`() {
        var limit = BadEventLimit()
        #expect(limit.admits(1, unixMilliseconds: 60_000) && limit.admits(2, unixMilliseconds: 60_001))
        #expect(!limit.admits(1, unixMilliseconds: 60_002) && !limit.admits(1, unixMilliseconds: 119_999))
        #expect(limit.admits(1, unixMilliseconds: 120_000) == true)
    }

    @Test func `its memory is bounded`() {
        var limit = BadEventLimit(capacity: 10)
        #expect((0..<100).count { limit.admits($0, unixMilliseconds: 0) } == 10)
        #expect((0..<100).count { limit.admits($0, unixMilliseconds: 60_000) } == 10)
    }
}
