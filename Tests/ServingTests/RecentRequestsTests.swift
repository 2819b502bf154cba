import DIEN
import Testing

@testable import Serving

@Suite struct RecentRequestsTests {
    private func input(_ id: UInt64) -> RankingInput {
        RankingInput(candidates: [DIEN.FeatureColumn(name: "item", values: .ids([id]))])
    }

    @Test func `the last requests of each model are kept, the oldest leave first`() {
        let recent = RecentRequests()
        let extra = 5
        for id in 0..<(RecentRequests.capacity + extra) { recent.add(input(UInt64(id)), of: "sports") }
        recent.add(input(1000), of: "beauty")
        let kept = recent.of("sports")
        #expect(kept.count == RecentRequests.capacity)
        for id in 0..<extra { #expect(!kept.contains(input(UInt64(id)))) }
        #expect(kept.contains(input(UInt64(extra))))
        #expect(recent.of("beauty") == [input(1000)])
        #expect(recent.of("toys").isEmpty)
    }
}
