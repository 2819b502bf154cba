import Foundation
import Messages
import Testing

@testable import dien_client

struct StatusReportTests {
    static let reuse: ReuseCounts = {
        var counts = ReuseCounts()
        (counts.hits, counts.extensions, counts.misses) = (30, 4, 5)
        (counts.held, counts.bytes) = (5, 2_340_000)
        return counts
    }()

    static let split: TrafficSplit = {
        var split = TrafficSplit(
            experiment: "2026-11", algorithm: "sha256", coverage: 1_250,
            arms: [
                SplitArm(name: "control", version: 1, servingVersion: 1, weight: 1),
                SplitArm(name: "candidate", version: 10, servingVersion: 0, weight: 1),
            ])
        (split.enrolled, split.notEnrolled, split.fallbacks) = (3, 21, 2)
        return split
    }()

    static let report = StatusReport(
        server: "127.0.0.1:50051", health: "SERVING",
        models: ListModelsResponse(
            models: [
                ModelStatus(
                    name: "sports",
                    aliases: [
                        ModelAlias(alias: "challenger", version: 10, servingVersion: 1),
                        ModelAlias(alias: "champion", version: 1, servingVersion: 1),
                    ],
                    versions: [
                        VersionStatus(
                            version: 1, state: .ready, digest: "sha256:0123456789abcdef",
                            architecture: "dien",
                            preset: "paper", kernels: "avx512", precision: "bf16", userStates: reuse,
                            candidateParts: ReuseCounts()),
                        VersionStatus(version: 10, state: .refused, reason: "embedding.item: not finite"),
                    ], split: split)
            ], registryEpoch: 7, serverVersion: "0.1.0", startUnixMilliseconds: 1_000_000),
        now: Date(timeIntervalSince1970: 1000 + 200))

    @Test func `a refused version shows its reason`() {
        #expect(
            Self.report.text == """
                127.0.0.1:50051: SERVING, dien-server 0.1.0, up 3 min 20 s, registry epoch 7

                sports  (challenger → 10, answered by 1, champion → 1)
                  version  state    digest               architecture  preset  kernels  precision  reason
                  1        READY    sha256:0123456789ab  dien          paper   avx512   bf16       -
                  10       REFUSED  -                    -             -       -        -          embedding.item: not finite
                  version 1: user states 30 found, 4 extended, 5 computed, 0 evicted; 5 held, 2.3 MB
                  version 1: candidates 0 found, 0 computed, 0 evicted; 0 held, 0.0 MB
                  experiment 2026-11: sha256, coverage 12.5 %, control 1 → 1, candidate 1 → 10, the champion answers
                    enrolled 3, allowed 0, not enrolled 21, without key 0, fallbacks 2
                """)
    }

    @Test func `the JSON has aliases by name`() throws {
        #expect(try Self.report.json().contains(#""aliases":{"challenger":10,"champion":1}"#))
        #expect(try Self.report.json().contains(#""state":"REFUSED""#))
    }

    @Test func `the JSON has what is kept of the versions that keep something`() throws {
        let states =
            #""user_states":{"bytes":2340000,"evictions":0,"extensions":4,"held":5,"hits":30,"misses":5}"#
        #expect(try Self.report.json().contains(states))
        #expect(try Self.report.json().split(separator: "user_states").count == 2)
    }

    @Test(arguments: [(0, "0 s"), (61, "1 min 1 s"), (3661, "1 h 1 min"), (90_000, "1 d 1 h")])
    func `uptime has two units`(seconds: Int, text: String) {
        #expect(StatusReport.uptime(seconds: seconds) == text)
    }
}
