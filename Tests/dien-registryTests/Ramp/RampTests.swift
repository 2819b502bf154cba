import Experiment
import Files
import Foundation
import ModelRegistry
import Synchronization
import Testing

@testable import dien_registry

/// Ramps over a registry on disk, replicas that are made up, and a clock that stands still between looks.
@Suite struct RampTests {
    private let bench: TemporaryRegistry
    private let start = WallClock.unixMilliseconds()

    init() throws { bench = try TemporaryRegistry() }

    private func settings(promotes: Bool = true, again: Bool = false) -> Ramp.Settings {
        Ramp.Settings(
            model: "sports", candidate: 3,
            controller: RampController(.standard(holdSeconds: 60, minimumUnits: 100), promotes: promotes),
            policy: JudgePolicy(), shadowRate: 500, unit: "user_id", isAgain: again, actor: "ramp@bench")
    }

    /// Looks once, as a controller does that was started just now, or that has been running.
    private func look(
        after seconds: Int, _ replicas: FakeReplicas, promotes: Bool = true, again: Bool = false,
        meanwhile: @escaping () throws -> Void = {}
    ) async throws -> RampLook {
        var ramp = Ramp(bench.registry, settings(promotes: promotes, again: again), verify: { _ in }) {
            let answers = (try? replicas.answers()) ?? []
            try? meanwhile()
            return answers
        }
        return try await ramp.look { start + UInt64(seconds) * 1000 }
    }

    private var good: FakeReplicas { FakeReplicas(bench: bench) }
    private var broken: FakeReplicas { FakeReplicas(bench: bench, candidate: .broken) }

    @Test
    func
        `a good candidate goes from shadow to champion, each step an epoch with evidence that is computed again`()
        async throws
    {
        var changes: [String] = []
        var last: RampLook?
        for seconds in stride(from: 1, through: 400, by: 1) {
            let look = try await look(after: seconds, good)
            if let change = look.change { changes.append("\(seconds): \(change)") }
            last = look
            if look.exitCode != nil { break }
        }
        #expect(
            changes == [
                "1: shadow 3", "61: split start 3 at 1 %", "121: split ramp to 5 %",
                "181: split ramp to 10 %",
                "241: split ramp to 25 %", "301: split ramp to 50 %", "361: promote 3",
            ])
        #expect(last?.exitCode == 0)
        let sports = try bench.sports
        #expect(sports.aliases["champion"] == 3 && sports.split == nil && sports.shadow == nil)
        #expect(try bench.state.epoch == 11)
        for epoch in UInt64(6)...11 {
            let state = try bench.registry.state(epoch: epoch)
            let document = try #require(
                try EvidenceDocument(about: "sports", of: state, in: bench.registry))
            #expect(document.evidence.differences.isEmpty)
            #expect(document.evidence.epoch == epoch - 1)
            #expect(document.evidence.verdict.decision == .pass)
            #expect(state.command.hasPrefix("ramp run sports: ") && state.actor == "ramp@bench")
        }
        #expect(try bench.registry.check().findings.isEmpty)
        let after = try await look(after: 500, good)
        #expect(after.action == .finish && after.exitCode == 0)
    }

    @Test func `without leave to promote it tells what a person may run, and goes on when somebody has`()
        async throws
    {
        _ = try await look(after: 1, good, promotes: false)
        let asks = try await look(after: 61, good, promotes: false)
        #expect(asks.action == .ask)
        #expect(
            asks.run
                == "dien-registry split start sports --candidate 3 --coverage 2 --unit user_id --expect-epoch 5"
        )
        #expect(try bench.sports.split == nil)
        try bench.split()
        let next = try await look(after: 200, good, promotes: false)
        #expect(next.action == .ask && next.run == "dien-registry split ramp sports 10 --expect-epoch 6")
        #expect(next.phase == 2 && next.share == 100)
    }

    @Test(arguments: [UInt32(200), 1_000, 10_000])
    func `a failure ends split and shadow in one epoch, with the evidence of it, and retires the salt`(
        coverage: UInt32
    )
        async throws
    {
        try bench.split(coverage: coverage)
        _ = try bench.registry.shadow(
            .init(target: .version(3), rate: 100), of: "sports", note: bench.note("shadow"),
            verifier: { _ in })
        let look = try await look(after: 1, broken, promotes: false)
        #expect(look.action == .act && look.change == "roll back" && look.committed == 7)
        #expect(look.exitCode == 8)
        let sports = try bench.sports
        #expect(sports.split == nil && sports.shadow == nil && sports.retiredSalts == ["s1"])
        let document = try #require(
            try EvidenceDocument(about: "sports", of: bench.state, in: bench.registry))
        #expect(document.evidence.verdict.decision == .fail && document.evidence.differences.isEmpty)
        #expect(try bench.state.reason?.contains("bad events of the candidate") == true)
    }

    @Test func `a replica's guard that has acted is enough to end it`() async throws {
        try bench.split()
        var replicas = good
        replicas.armGuard = ArmGuard(.tripped, reason: "9 of 9\nbad events", sinceUnixMilliseconds: 1)
        let look = try await look(after: 1, replicas)
        #expect(look.change == "roll back")
        #expect(try bench.state.reason == "guards of replicas: b:1: tripped, 9 of 9 bad events")
    }

    @Test func `what failed is not begun again unless that is meant, and gets a salt of its own`()
        async throws
    {
        try bench.split()
        _ = try await look(after: 1, broken)
        let refused = try await look(after: 2, good)
        #expect(refused.action == .refuse && refused.exitCode == 3)
        #expect(refused.reason.hasPrefix("version 3 failed at epoch 6 (FAIL; guard: "))
        #expect(try await look(after: 3, good, again: true).change == "shadow 3")
        #expect(try await look(after: 100, good).change == "split start 3 at 1 %")
        #expect(try bench.sports.split?.salt == "sports.8")
    }

    @Test
    func `missing data and silent replicas hold, and a failure among the others does not wait for them`()
        async throws
    {
        try bench.split()
        let unseen = try await look(after: 5000, FakeReplicas(bench: bench, candidate: .unseen))
        #expect(unseen.action == .wait && unseen.decision == .insufficient)
        let silent = try await look(after: 5000, FakeReplicas(bench: bench, silent: ["a:1"]))
        #expect(silent.action == .wait && silent.reason.contains("a:1 does not answer"))
        let none = try await look(after: 5000, FakeReplicas(bench: bench, silent: ["a:1", "b:1", "c:1"]))
        #expect(none.action == .wait && none.counted == 0 && none.asked == 3)
        let failed = try await look(
            after: 5000, FakeReplicas(bench: bench, candidate: .broken, silent: ["a:1", "b:1"]))
        #expect(failed.change == "roll back")
    }

    @Test func `a change that a person commits while the ramp decides wins, and is looked at at once`()
        async throws
    {
        try bench.split()
        let times = Mutex(0)
        let look = try await look(after: 100, good) {
            guard
                times.withLock({
                    $0 += 1; return $0
                }) == 1
            else { return }
            _ = try bench.registry.holdSplit(of: "sports", note: bench.note("split hold"))
        }
        // The answers were of the epoch before: that state differs, so nobody is counted, and nothing goes on.
        #expect(look.action == .wait && look.epoch == 6)
        #expect(try bench.sports.split?.coverage == 200)
        _ = try bench.registry.stopSplit(of: "sports", note: bench.note("split stop"))
        #expect(try await self.look(after: 101, good, again: false).change == "shadow 3")
    }

    @Test func `a ramp that finds its experiment gone is over, and begins no other`() async throws {
        try bench.split()
        var ramp = Ramp(bench.registry, settings(), verify: { _ in }) { (try? good.answers()) ?? [] }
        #expect(try await ramp.look { start }.action == .wait)
        _ = try bench.registry.stopSplit(of: "sports", note: bench.note("split stop"))
        let look = try await ramp.look { start + 1000 }
        #expect(look.action == .finish && look.exitCode == 3)
        #expect(try bench.sports.shadow == nil)
    }

    @Test func `a ramp goes on asking for its beginning until a person has begun it`() async throws {
        let direct = Ramp.Settings(
            model: "sports", candidate: 3,
            controller: RampController(
                RampPlan(phases: [.init(share: 100, holdSeconds: 0, minimumUnits: 0)]), promotes: false),
            policy: JudgePolicy(), shadowRate: 500, unit: "user_id", isAgain: false, actor: "ramp@bench")
        var ramp = Ramp(bench.registry, direct, verify: { _ in }) { (try? good.answers()) ?? [] }
        for second in UInt64(0)..<3 {
            let look = try await ramp.look { start + second * 1000 }
            #expect(look.action == .ask && look.change == "split start 3 at 1 %" && look.exitCode == nil)
        }
        try bench.split()
        #expect(try await ramp.look { start + 3000 }.change == "promote 3")
        _ = try bench.registry.stopSplit(of: "sports", note: bench.note("split stop"))
        #expect(try await ramp.look { start + 4000 }.action == .finish)
    }

    @Test func `another experiment on the model is left alone`() async throws {
        _ = try bench.registry.startSplit(
            RegisteredSplit(
                salt: "x", unit: "u", arms: [.init(name: "candidate", target: .version(2))], coverage: 100),
            of: "sports", note: bench.note("split start"), verifier: { _ in })
        let look = try await look(after: 1, broken)
        #expect(look.action == .refuse && look.reason.contains("the split 'x'"))
        #expect(try bench.sports.split?.salt == "x")
    }

    @Test func `a reason that replicas have a word in is one line of at most a thousand bytes`() {
        #expect(Ramp.recordable("a\u{1B}[31m\nb\u{2028}c") == "a [31m b c")
        #expect(Ramp.recordable("") == "-")
        let long = Ramp.recordable(String(repeating: "é", count: 2000))
        #expect(long.utf8.count <= 1003 && long.hasSuffix("…"))
    }

    @Test func `a line tells where it stands, and JSON the same`() async throws {
        try bench.split()
        let look = try await look(after: 5, FakeReplicas(bench: bench, silent: ["c:1"]))
        #expect(
            look.text.hasPrefix(
                look.time + " epoch 5, phase 2 of 7 (1 %), 2 of 3 replicas, INSUFFICIENT: waits: "))
        let json = try Output.json(look)
        #expect(
            json.contains(
                #""action":"wait","asked":3,"candidate":3,"counted":2,"decision":"INSUFFICIENT","epoch":5"#))
        #expect(!json.contains("\n") && !json.contains("exitCode"))
    }
}
