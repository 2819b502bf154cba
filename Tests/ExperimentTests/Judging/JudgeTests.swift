import Experiment
import TestSupport
import Testing

/// Arms that are made up, and what has to be said of them.
@Suite struct JudgeTests {
    private typealias Behaviour = Made.Behaviour

    private func arm(_ behaviour: Behaviour, seed: UInt64) -> Judge.Arm {
        let (counters, units) = Made.sums(behaviour, seed: seed)
        return Judge.Arm(counters: counters, units: units, weight: 1)
    }

    private func verdict(_ candidate: Behaviour, _ control: Behaviour = Behaviour()) -> Verdict {
        Judge().verdict(candidate: arm(candidate, seed: 1), control: arm(control, seed: 2))
    }

    private func failed(_ verdict: Verdict) -> [String] {
        verdict.checks.filter { $0.decision == .fail }.map(\.name)
    }

    @Test func `a better candidate passes`() {
        var better = Behaviour()
        (better.rate, better.predicted) = (0.06, 0.06)
        let verdict = verdict(better)
        #expect(verdict.decision == .pass, "\(verdict.obstacles)")
        let clicks = verdict.checks.first { $0.name == "click-through rate" }
        #expect((clicks?.lower ?? 0) > 0.1 && (clicks?.upper ?? 1) < 0.3)
    }

    @Test func `a candidate with a worse click rate fails for that`() {
        var worse = Behaviour()
        (worse.rate, worse.predicted) = (0.04, 0.04)
        let verdict = verdict(worse)
        #expect(verdict.decision == .fail)
        #expect(failed(verdict) == ["click-through rate"])
    }

    @Test func `a candidate that promises too much fails for that`() {
        var boastful = Behaviour()
        boastful.predicted = 0.06
        #expect(failed(verdict(boastful)) == ["calibration"])
    }

    @Test func `a candidate with more bad events fails whatever its clicks`() {
        var broken = Behaviour()
        (broken.rate, broken.predicted, broken.badRate) = (0.06, 0.06, 0.01)
        #expect(failed(verdict(broken)) == ["guard"])
    }

    @Test func `arms of another ratio than was asked for are not to be read`() {
        var few = Behaviour()
        few.units = 15_000
        let verdict = verdict(few)
        #expect(verdict.decision == .hold)
        #expect(verdict.obstacles.map(\.name).contains("sample ratio"))
    }

    @Test func `missing data is neither a pass nor a failure`() {
        var few = Behaviour()
        few.units = 300
        let little = verdict(few, few)
        #expect(little.decision == .insufficient)
        let nothing = Judge.Arm(counters: ArmCounters(), units: UnitSample(), weight: 1)
        #expect(Judge().verdict(candidate: nothing, control: nothing).decision == .insufficient)
    }

    @Test func `a few units that happen to click in one arm alone are no loss yet`() {
        var (lucky, unlucky) = (Behaviour(), Behaviour())
        (lucky.rate, lucky.units) = (0.5, 30)
        (unlucky.rate, unlucky.units) = (0.001, 30)
        let verdict = verdict(unlucky, lucky)
        #expect(verdict.decision == .insufficient, "\(verdict.obstacles)")
        (lucky.units, unlucky.units) = (2000, 2000)
        #expect(failed(self.verdict(unlucky, lucky)).contains("click-through rate"))
    }

    @Test func `merged replicas give the verdict of one server`() {
        let (a, b) = (Made.sums(Behaviour(), seed: 5), Made.sums(Behaviour(), seed: 6))
        let control = arm(Behaviour(), seed: 5)
        let merged = Judge.Arm(counters: a.counters + b.counters, units: a.units.union(b.units), weight: 1)
        let other = Judge.Arm(counters: b.counters + a.counters, units: b.units.union(a.units), weight: 1)
        #expect(
            Judge().verdict(candidate: merged, control: control)
                == Judge().verdict(candidate: other, control: control))
        #expect(merged.counters.total(.requests) == 40_000)
    }

    @Test func `a shadow that cannot score fails, a slow one holds, a short one is not judged`() {
        func shadow(_ count: Int, failing: Int, seconds: Double) -> ShadowComparison {
            var comparison = ShadowComparison()
            for _ in 0..<count {
                comparison.add(
                    champion: [0.1, 0.2], candidate: [0.11, 0.21], championSeconds: 0.001,
                    candidateSeconds: seconds)
            }
            for _ in 0..<failing {
                comparison.add(
                    champion: [0.1], candidate: [.nan], championSeconds: 0.001, candidateSeconds: seconds)
            }
            return comparison
        }
        #expect(Judge().verdict(shadow: shadow(2000, failing: 0, seconds: 0.001)).decision == .pass)
        #expect(Judge().verdict(shadow: shadow(2000, failing: 10, seconds: 0.001)).decision == .fail)
        #expect(Judge().verdict(shadow: shadow(2000, failing: 0, seconds: 0.003)).decision == .hold)
        #expect(Judge().verdict(shadow: shadow(20, failing: 0, seconds: 0.001)).decision == .insufficient)
    }
}
