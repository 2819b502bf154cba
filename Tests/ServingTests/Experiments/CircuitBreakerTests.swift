import Testing

@testable import Serving

/// The breaker by its clock: nothing here waits.
@Suite struct CircuitBreakerTests {
    private static let start = ContinuousClock.now

    /// A breaker and its clock.
    private final class Bench {
        var breaker = CircuitBreaker()
        var now = CircuitBreakerTests.start

        func admit() -> CircuitBreaker.Admission? { breaker.admit(at: now) }

        func record(_ admission: CircuitBreaker.Admission, isFault: Bool) -> CircuitBreaker.Phase? {
            breaker.record(admission, isFault: isFault, at: now)
        }
    }

    private let bench = Bench()
    private var breaker: CircuitBreaker { bench.breaker }

    /// Requests that are admitted at this moment and end at it; how many were, and the phases that they led to.
    @discardableResult
    private func ask(_ faults: [Bool]) -> (admitted: Int, phases: [CircuitBreaker.Phase]) {
        var (admitted, phases) = (0, [CircuitBreaker.Phase]())
        for isFault in faults {
            guard let admission = bench.admit() else { continue }
            admitted += 1
            if let phase = bench.record(admission, isFault: isFault) { phases.append(phase) }
        }
        return (admitted, phases)
    }

    @Test func `four faults in a hundred are borne for ever, the fifth opens it`() {
        let hundred = (0..<100).map { $0 % 25 == 24 }
        for _ in 0..<10 { #expect(ask(hundred).phases.isEmpty) }
        // The last fault is the hundredth request: the next one makes the fifth of the last hundred when the first leaves.
        #expect(ask([Bool](repeating: false, count: 24)).phases.isEmpty)
        #expect(ask([true]).phases.isEmpty && breaker.faults == 4)
        #expect(ask([true]).phases == [.open])
        #expect(ask([false, false]).admitted == 0)
    }

    @Test func `a version that always fails is asked five times`() {
        #expect(ask([Bool](repeating: true, count: 50)) == (5, [.open]))
        #expect(breaker.phase == .open)
    }

    @Test func `after the pause one request at a time tries it, and ten that go well close it`() {
        ask([Bool](repeating: true, count: 5))
        bench.now += .milliseconds(999)
        #expect(bench.admit() == nil)
        bench.now += .milliseconds(1)
        let probe = bench.admit()
        #expect(probe != nil && breaker.phase == .halfOpen)
        #expect(bench.admit() == nil)
        if let probe { #expect(bench.record(probe, isFault: false) == nil) }
        #expect(ask([Bool](repeating: false, count: 8)) == (8, []))
        #expect(ask([false]) == (1, [.closed]))
        #expect(ask([Bool](repeating: false, count: 100)).admitted == 100)
    }

    @Test func `a probe that fails doubles the pause, up to a minute`() {
        ask([Bool](repeating: true, count: 5))
        for pause in [1, 2, 4, 8, 16, 32, 60, 60, 60] {
            bench.now += .seconds(pause) - .nanoseconds(1)
            #expect(bench.admit() == nil, "\(pause) s")
            bench.now += .nanoseconds(1)
            #expect(ask([true]) == (1, [.open]))
        }
    }

    @Test func `a whole window without opening makes the next pause short again`() {
        ask([Bool](repeating: true, count: 5))
        bench.now += .seconds(1)
        ask([true])
        bench.now += .seconds(2)
        #expect(ask([Bool](repeating: false, count: 10)).phases == [.closed])
        #expect(breaker.openings == 2)
        ask([Bool](repeating: false, count: 100))
        #expect(breaker.openings == 0)
        ask([Bool](repeating: true, count: 5))
        bench.now += .seconds(1)
        #expect(bench.admit() != nil)
    }

    @Test func `what was admitted before it opened has no say afterwards`() {
        let late = (0..<3).compactMap { _ in bench.admit() }
        ask([Bool](repeating: true, count: 5))
        for admission in late { #expect(bench.record(admission, isFault: true) == nil) }
        bench.now += .seconds(1)
        let probe = bench.admit()
        for admission in late { #expect(bench.record(admission, isFault: true) == nil) }
        #expect(breaker.phase == .halfOpen)
        // A probe that came to nothing leaves its place to another.
        if let probe { bench.breaker.withdraw(probe) }
        #expect(bench.admit() != nil)
    }

    /// A reference of the rule alone: a request is a fault or not, and the last hundred are looked at.
    @Test func `it opens with the request with which a plain list of the last hundred has five faults`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var (breaker, list) = (CircuitBreaker(), [Bool]())
            for _ in 0..<2000 {
                let isFault = Int.random(in: 0..<40, using: &random) == 0
                list.append(isFault)
                guard let admission = breaker.admit(at: Self.start) else { break }
                let phase = breaker.record(admission, isFault: isFault, at: Self.start)
                let isOpen = list.suffix(100).count { $0 } >= 5
                #expect((phase == .open) == isOpen, "\(list.suffix(100))")
                if isOpen { break }
            }
        }
    }
}
