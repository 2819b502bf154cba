import Experiment
import Testing

@Suite struct RampPlanTests {
    private let plan = RampPlan.standard(holdSeconds: 60, minimumUnits: 100)

    private func verdict(_ decision: Verdict.Decision) -> Verdict {
        Verdict(checks: [
            .init(name: "clicks", decision: decision, value: nil, lower: nil, upper: nil, reason: "as told")
        ])
    }

    @Test(arguments: 0..<7)
    func `a failure rolls back in every phase, at once`(phase: Int) {
        let action = plan.action(phase: phase, seconds: 0, units: 0, verdict: verdict(.fail))
        #expect(action == .rollBack(reason: "clicks: as told"))
    }

    @Test func `a phase is left by a pass, after its time, with its units`() {
        #expect(plan.action(phase: 1, seconds: 60, units: 100, verdict: verdict(.pass)) == .raise(phase: 2))
        #expect(
            plan.action(phase: 1, seconds: 59, units: 100, verdict: verdict(.pass))
                == .hold(reason: "1 s of this phase are left"))
        #expect(
            plan.action(phase: 1, seconds: 60, units: 99, verdict: verdict(.pass))
                == .hold(reason: "99 units of 100"))
        #expect(plan.action(phase: 6, seconds: 60, units: 100, verdict: verdict(.pass)) == .promote)
    }

    @Test(arguments: [Verdict.Decision.hold, .insufficient])
    func `neither a hold nor missing data goes on`(decision: Verdict.Decision) {
        let action = plan.action(phase: 2, seconds: 600, units: 1000, verdict: verdict(decision))
        #expect(action == .hold(reason: "clicks: as told"))
        let none = plan.action(phase: 2, seconds: 600, units: 1000, verdict: nil)
        #expect(none == .hold(reason: "there is no verdict: replicas do not answer"))
    }

    @Test func `no check at all is missing data`() {
        #expect(Verdict(checks: []).decision == .insufficient)
    }
}
