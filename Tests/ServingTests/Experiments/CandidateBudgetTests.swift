import Testing

@testable import Serving

@Suite struct CandidateBudgetTests {
    private func counts(_ durations: [(Duration, Int)]) -> DurationHistogram.Counts {
        let histogram = DurationHistogram()
        for (duration, count) in durations { for _ in 0..<count { histogram.observe(duration) } }
        return histogram.counts
    }

    @Test func `quantiles lie in the bucket of the sorted durations, spread evenly`() {
        // 1 to 2.5 ms holds ranks 1 to 100: the median is in its middle.
        #expect(counts([(.milliseconds(2), 100)]).quantile(0.5) == .microseconds(1750))
        let mixed = counts([(.microseconds(50), 90), (.milliseconds(20), 10)])
        #expect(mixed.quantile(0.9) == .microseconds(100))
        #expect(mixed.quantile(0.99) > .milliseconds(10) && mixed.quantile(0.99) <= .milliseconds(25))
        #expect(counts([]).quantile(0.99) == .zero)
        #expect(counts([(.seconds(9), 5)]).quantile(0.5) == .milliseconds(2500))
    }

    @Test func `the automatic budget is four times the champion's p99, within its limits`() {
        let budget = CandidateBudget.automatic
        #expect(budget.limit(champion: counts([(.milliseconds(4), 99)])) == .milliseconds(100))
        #expect(budget.limit(champion: counts([(.microseconds(20), 1000)])) == .milliseconds(10))
        #expect(budget.limit(champion: counts([(.seconds(2), 1000)])) == .seconds(1))
        let usual = counts([(.milliseconds(7), 1000)])
        #expect(budget.limit(champion: usual) == usual.quantile(0.99) * 4)
        #expect(CandidateBudget.fixed(.milliseconds(3)).limit(champion: usual) == .milliseconds(3))
    }

    @Test func `a deadline leaves the champion its time, or the candidate none`() {
        let start = ContinuousClock.now
        func end(_ deadline: Duration?) -> Duration? {
            ScoringWindow(
                from: start, budget: .milliseconds(20), deadline: deadline.map { start + $0 },
                champion: (.milliseconds(2), .milliseconds(5))
            ).map { $0.end - start }
        }
        #expect(end(nil) == .milliseconds(20))
        #expect(end(.seconds(1)) == .milliseconds(20))
        #expect(end(.milliseconds(15)) == .milliseconds(10))
        #expect(end(.milliseconds(7)) == .milliseconds(2))
        #expect(end(.milliseconds(6)) == nil)
        #expect(end(.milliseconds(-3)) == nil)
    }
}
