import Testing

@testable import GRPC
@testable import Serving

@Suite struct ServingMetricsTests {
    @Test func `a version that is loaded again goes on counting`() {
        let metrics = ServingMetrics()
        metrics.counters(of: "sports", 1).count(.ok)
        metrics.counters(of: "sports", 1).count(.ok)
        #expect(metrics.counters(of: "sports", 1).callsByStatus.map(\.count) == [2])
    }

    @Test func `ten thousand versions keep no more counters than the limit, the last ones`() {
        let metrics = ServingMetrics()
        for number in 1...10_000 as ClosedRange<UInt64> { _ = metrics.counters(of: "sports", number) }
        #expect(metrics.versions.count == ServingMetrics.versionLimit)
        #expect(metrics.versions.keys.min()?.number == 10_001 - UInt64(ServingMetrics.versionLimit))
    }

    @Test func `counts from several threads add up`() async {
        let counters = VersionCounters()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<10_000 {
                        counters.count(.ok)
                        counters.total.observe(.microseconds(300))
                    }
                }
            }
        }
        #expect(counters.callsByStatus.map(\.count) == [40_000])
        #expect(counters.total.counts.buckets[2] == 40_000)
        #expect(counters.total.counts.sumNanoseconds == 40_000 * 300_000)
    }
}
