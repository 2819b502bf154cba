import Foundation
import TestSupport
import Testing

@testable import Experiment

@Suite struct JudgeAUCTests {
    /// Users of two candidates; `skill` is how far a click's logit stands above another's.
    private func arm(users: Int, skill: Double, _ random: inout SplitMix64) -> Judge.Arm {
        var window = AttributionWindow(milliseconds: 8)
        var units = UnitSample()
        for user in 0..<users {
            let unit = UnitBucket(unit: "\(skill)-\(user)")
            units.see(unit.hash)
            let isFirst = Bool.random(using: &random)
            for candidate in 0..<2 {
                let isClick = (candidate == 0) == isFirst
                let logit = Double.random(in: -2...2, using: &random) + (isClick ? skill : -skill) / 2
                let outcome = Outcome(
                    probability: 1 / (1 + exp(-logit)), isImpression: true, isClick: isClick)
                #expect(window.record(outcome, bucket: unit.bucket, served: 0, now: 0) == nil)
            }
        }
        window.close(now: 1000)
        return Judge.Arm(counters: window.closed, units: units, weight: 1)
    }

    private func check(_ skills: (control: Double, candidate: Double), margin: Double = 0.05) throws
        -> Verdict.Check
    {
        var random = SplitMix64.printed("areas", seed: 31)
        var policy = JudgePolicy()
        policy.aucMargin = margin
        policy.tuning = 6000
        let control = arm(users: 3000, skill: skills.control, &random)
        let candidate = arm(users: 3000, skill: skills.candidate, &random)
        let verdict = Judge(policy).verdict(candidate: candidate, control: control)
        return try #require(verdict.checks.first { $0.name == Judge.auc })
    }

    @Test func `as good passes, worse by more than the margin fails, and in between holds`() throws {
        #expect(try check((1, 1)).decision == .pass)
        #expect(try check((1, 1.6)).decision == .pass)
        #expect(try check((1, 0)).decision == .fail)
        #expect(try check((1, 1), margin: 0.001).decision == .hold)
    }

    @Test func `one class is too little, and counters without scores say nothing of it`() throws {
        var clicks = ArmCounters()
        clicks.add(Outcome(probability: 0.5, isImpression: true), bucket: 1)
        let one = Judge.Arm(counters: clicks, units: UnitSample(), weight: 1)
        let checks = Judge().verdict(candidate: one, control: one).checks
        #expect(checks.first { $0.name == Judge.auc }?.decision == .insufficient)
        let none = Judge.Arm(counters: ArmCounters(), units: UnitSample(), weight: 1)
        #expect(!Judge().verdict(candidate: none, control: none).checks.contains { $0.name == Judge.auc })
    }
}
