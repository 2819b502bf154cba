import Experiment
import TestSupport
import Testing

/// A ramp over virtual time: one look a second, nothing but the stage remembered from one to the next.
@Suite struct RampControllerTests {
    private let plan = RampPlan.standard(holdSeconds: 60, minimumUnits: 100)

    private static func verdict(_ decisions: [(String, Verdict.Decision)]) -> Verdict {
        Verdict(
            checks: decisions.map {
                .init(name: $0.0, decision: $0.1, value: nil, lower: nil, upper: nil, reason: "as told")
            })
    }
    private static let pass = verdict([("guard", .pass), ("log loss", .pass)])
    private static let failure = verdict([("guard", .fail), ("log loss", .pass)])
    private static let noBetterYet = verdict([("guard", .pass), ("log loss", .hold)])

    /// What serves, changed by nothing but the controller and by people.
    private struct World {
        var stage: RampController.Stage
        var since = 0
        var changes: [String] = []

        mutating func apply(_ change: RampController.Change, at now: Int) {
            let before = stage
            switch change {
            case .shadow: stage = .shadow
            case .start(let share), .raise(let share): stage = .split(share: share, isHeld: false)
            case .promote, .end: stage = .champion(isEnded: true)
            case .rollBack: stage = .absent
            }
            if stage != before { since = now }
            changes.append("\(now) s: \(change)")
        }
    }

    /// Runs until the ramp is over, `seconds` at most; gives what serves then and the last step.
    @discardableResult
    private func run(
        _ world: inout World, promotes: Bool, from start: Int = 0, seconds: Int,
        verdict: (Int, RampController.Stage) -> Verdict?
    ) -> RampController.Step {
        var step = RampController.Step.wait(reason: "")
        for now in start..<start + seconds {
            // A new one each second: a restart between any two looks changes nothing.
            let controller = RampController(plan, promotes: promotes)
            step = controller.step(
                .init(
                    stage: world.stage, seconds: Double(now - world.since), units: 1000,
                    verdict: verdict(now, world.stage), hasBegun: now != start))
            switch step {
            case .act(let change, _): world.apply(change, at: now)
            case .finish, .refuse: return step
            case .wait, .ask: break
            }
        }
        return step
    }

    @Test func `a good candidate goes all the way up, each phase after its time`() {
        var world = World(stage: .absent)
        let last = run(&world, promotes: true, seconds: 1000) { _, _ in Self.pass }
        #expect(last == .finish(reason: "it is the champion"))
        #expect(
            world.changes == [
                "0 s: shadow", "60 s: start(share: 100)", "120 s: raise(share: 500)",
                "180 s: raise(share: 1000)", "240 s: raise(share: 2500)", "300 s: raise(share: 5000)",
                "360 s: promote",
            ])
    }

    @Test func `without leave to promote nobody gets the candidate, and what is due is told`() {
        var world = World(stage: .absent)
        let last = run(&world, promotes: false, seconds: 5000) { _, _ in Self.pass }
        #expect(world.changes == ["0 s: shadow"])
        #expect(
            last
                == .ask(
                    .start(share: 100), reason: "phase 1 is over, and nothing speaks against the next"))
        // A person does it; the ramp goes on from there.
        world.stage = .split(share: 100, isHeld: false)
        world.since = 5000
        let next = run(&world, promotes: false, from: 5000, seconds: 61) { _, _ in Self.pass }
        #expect(
            next == .ask(.raise(share: 500), reason: "phase 2 is over, and nothing speaks against the next"))
        #expect(world.changes.count == 1)
    }

    @Test(arguments: [false, true])
    func `a failure takes everything away in the second it is seen, whatever the phase`(promotes: Bool) {
        for moment in stride(from: 1, to: 360, by: 7) {
            var world = World(stage: .absent)
            run(&world, promotes: true, seconds: moment) { _, _ in Self.pass }
            let last = run(&world, promotes: promotes, from: moment, seconds: 10) { _, _ in Self.failure }
            #expect(world.changes.last == "\(moment) s: rollBack")
            #expect(world.stage == .absent)
            #expect(last == .finish(reason: "somebody ended the experiment"))
        }
    }

    @Test func `missing data holds for as long as it is missing, and never goes down or up`() {
        for stage in [RampController.Stage.shadow, .split(share: 500, isHeld: false)] {
            var world = World(stage: stage)
            run(&world, promotes: true, seconds: 20_000) { now, _ in
                now % 2 == 0 ? nil : Self.verdict([("data", .insufficient), ("log loss", .insufficient)])
            }
            #expect(world.changes.isEmpty)
        }
    }

    @Test func `a candidate that is merely no better yet gets more traffic and is not promoted`() {
        var world = World(stage: .split(share: 100, isHeld: false))
        let last = run(&world, promotes: true, seconds: 5000) { _, _ in Self.noBetterYet }
        #expect(world.stage == .split(share: 5000, isHeld: false))
        #expect(last == .wait(reason: "log loss: as told"))
        let doubtful = Self.verdict([("sample ratio", .hold), ("log loss", .pass)])
        world = World(stage: .split(share: 100, isHeld: false))
        run(&world, promotes: true, seconds: 500) { _, _ in doubtful }
        #expect(world.changes.isEmpty)
    }

    @Test func `a split that somebody holds is not raised, and fails all the same`() {
        var world = World(stage: .split(share: 500, isHeld: true))
        let last = run(&world, promotes: true, seconds: 500) { _, _ in Self.pass }
        #expect(last == .wait(reason: "somebody holds the split; `split ramp --resume` goes on"))
        run(&world, promotes: true, from: 500, seconds: 1) { _, _ in Self.failure }
        #expect(world.changes == ["500 s: rollBack"])
    }

    @Test func `a share between two phases is at the lower one`() {
        let controller = RampController(plan, promotes: true)
        #expect(controller.phase(of: .split(share: 700, isHeld: false)) == 2)
        var world = World(stage: .split(share: 700, isHeld: false))
        run(&world, promotes: true, seconds: 61) { _, _ in Self.pass }
        #expect(world.changes == ["60 s: raise(share: 1000)"])
    }

    @Test func `a plan without a shadow begins with traffic, if it may`() {
        let direct = RampPlan(phases: [.init(share: 1000, holdSeconds: 5, minimumUnits: 0)])
        let look = RampController.Look(stage: .absent)
        #expect(
            RampController(direct, promotes: true).step(look)
                == .act(.start(share: 1000), reason: "the first phase"))
        #expect(
            RampController(direct, promotes: false).step(look)
                == .ask(.start(share: 1000), reason: "the first phase"))
        let shadowed = RampController.Look(stage: .shadow, verdict: Self.pass)
        guard case .act(.start(share: 1000), _) = RampController(direct, promotes: true).step(shadowed) else {
            Issue.record("the shadow that somebody started leads into the plan")
            return
        }
    }

    @Test func `what failed is not begun again, what is another's is not touched, what has won is ended`() {
        let controller = RampController(plan, promotes: true)
        #expect(
            controller.step(.init(stage: .absent, failure: "epoch 9 ended it"))
                == .refuse(reason: "epoch 9 ended it"))
        #expect(
            controller.step(.init(stage: .foreign(reason: "x"), verdict: Self.failure))
                == .refuse(reason: "x"))
        #expect(
            controller.step(.init(stage: .champion(isEnded: false)))
                == .act(.end, reason: "it is the champion already"))
        #expect(
            controller.step(.init(stage: .champion(isEnded: true))) == .finish(reason: "it is the champion"))
    }

    @Test func `whatever comes, only a safe verdict raises, and every failure ends it`() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix64(seed: seed)
        let verdicts: [Verdict?] = [
            nil, Self.pass, Self.pass, Self.pass, Self.noBetterYet, Self.failure,
            Self.verdict([("data", .insufficient)]),
        ]
        for _ in 0..<200 {
            var world = World(stage: .absent)
            for now in 0..<600 {
                let verdict = verdicts[Int(random.next() % UInt64(now > 300 ? 7 : 5))]
                let before = world.stage
                let step = RampController(plan, promotes: true).step(
                    .init(
                        stage: before, seconds: Double(now - world.since),
                        units: Int(random.next() % 300), verdict: verdict, hasBegun: now != 0))
                guard case .act(let change, _) = step else {
                    #expect(
                        verdict != Self.failure || before == .absent || before == .champion(isEnded: true))
                    continue
                }
                world.apply(change, at: now)
                switch change {
                case .rollBack: #expect(verdict == Self.failure, "seed \(seed)")
                case .shadow: #expect(now == 0, "seed \(seed)")
                case .promote: #expect(verdict == Self.pass, "seed \(seed)")
                default: #expect(verdict == Self.pass || verdict == Self.noBetterYet, "seed \(seed)")
                }
            }
        }
    }
}
