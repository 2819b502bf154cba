import Experiment
import Foundation
import TestSupport
import Testing

/// Replicas that answer, do not, or answer about something else; and what is concluded.
@Suite struct HearingTests {
    private func hearing(
        _ answers: [(String, Hearing.Answer)], of trial: Trial = Made.trial
    ) -> Hearing {
        Hearing(of: trial, answers.map { (replica: $0.0, answer: $0.1) }) { server in
            server.epoch == 12 ? nil : "it follows epoch \(server.epoch)"
        }
    }

    private func check(_ name: String, of verdict: Verdict) -> Verdict.Check? {
        verdict.checks.first { $0.name == name }
    }

    @Test func `replicas add up to the verdict of one server that had served all`() throws {
        let tallies = (1...3).map {
            Made.tally(candidate: .init(units: 7000), control: .init(units: 7000), seed: $0)
        }
        let heard = hearing(tallies.enumerated().map { ("r\($0):1", .tally($1)) })
        let one = tallies[0] + tallies[1] + tallies[2]
        let arms = one.models[0].experiments[0].arms
        #expect(heard.candidate?.counters == arms[0].counters)
        #expect(heard.candidate?.units == UnitCensus(arms[0].units))
        #expect(heard.control?.counters == arms[1].counters)
        #expect(heard.countedReplicas == 3)
        #expect(heard.units == Int(arms[0].units.estimatedUnits))
        let alone = Judge().verdict(candidate: arms[0].judged, control: arms[1].judged)
        let verdict = Judge().verdict(on: heard)
        #expect(Array(verdict.checks.dropFirst(2)) == alone.checks)
        #expect(verdict.decision == alone.decision)
    }

    @Test
    func
        `a replica that does not answer makes the verdict insufficient, and is named, unless that is allowed`()
    {
        let answers: [(String, Hearing.Answer)] = [
            ("a:1", .tally(Made.tally(seed: 1))), ("b:1", .silence("UNAVAILABLE: refused")),
        ]
        let verdict = Judge().verdict(on: hearing(answers))
        #expect(verdict.decision == .insufficient)
        let named = check("replicas", of: verdict)?.reason
        #expect(named == "1 of 2 are counted; b:1 does not answer (UNAVAILABLE: refused)")
        var policy = JudgePolicy()
        policy.allowsMissingReplicas = true
        #expect(check("replicas", of: Judge(policy).verdict(on: hearing(answers)))?.decision == .pass)
        #expect(Judge(policy).verdict(on: hearing([answers[1]])).decision == .insufficient)
    }

    @Test func `a candidate that fails at those who answer has failed, whoever is missing`() {
        let broken = Made.tally(candidate: .init(badRate: 0.02), seed: 1)
        let verdict = Judge().verdict(on: hearing([("a:1", .tally(broken)), ("b:1", .silence("x"))]))
        #expect(verdict.decision == .fail)
    }

    @Test func `a replica of another epoch is named and left out, and that alone stops nothing`() {
        let verdict = Judge().verdict(
            on: hearing([
                ("a:1", .tally(Made.tally(seed: 1))), ("b:1", .tally(Made.tally(seed: 2, epoch: 11))),
            ]))
        let replicas = check("replicas", of: verdict)
        #expect(replicas?.decision == .pass)
        #expect(replicas?.reason == "1 of 2 are counted; b:1 is left out (it follows epoch 11)")
        let none = Judge().verdict(on: hearing([("b:1", .tally(Made.tally(seed: 2, epoch: 11)))]))
        #expect(check("replicas", of: none)?.decision == .insufficient)
        #expect(none.decision == .insufficient)
    }

    @Test func `an arm of another version and another experiment add nothing`() {
        var other = Made.trial
        other.candidate.version = 4
        let heard = hearing([("a:1", .tally(Made.tally(seed: 1)))], of: other)
        #expect(heard.candidate?.counters == ArmCounters())
        #expect(heard.control?.counters.total(.requests) == 20_000)
        other.experiment = "sports.10"
        #expect(hearing([("a:1", .tally(Made.tally(seed: 1)))], of: other).control?.counters == ArmCounters())
    }

    @Test(arguments: [
        (ArmGuard.State.tripped, Verdict.Decision.fail), (.open, .hold), (.probing, .hold), (.closed, .pass),
        (.unwatched, .pass),
    ])
    func `what a replica's own guard did counts`(state: ArmGuard.State, decision: Verdict.Decision) {
        let acted = Made.tally(seed: 2, armGuard: ArmGuard(state, reason: "7 of 9", sinceUnixMilliseconds: 5))
        let heard = hearing([("a:1", .tally(Made.tally(seed: 1))), ("b:1", .tally(acted))])
        let found = check("guards of replicas", of: Judge().verdict(on: heard))
        #expect(found?.decision == decision)
        if decision != .pass { #expect(found?.reason == "b:1: \(state.rawValue), 7 of 9") }
    }

    @Test func `counters that no server has are left out`() {
        var negative = Made.tally(seed: 1)
        negative.models[0].experiments[0].arms[0].counters.add(-1e6, to: .errors, bucket: 3)
        let heard = hearing([("a:1", .tally(negative))])
        #expect(heard.replicas[0].part == .leftOut)
        #expect(heard.replicas[0].reason == "its errors are no sums of what happened")
        let two = hearing([("a:1", .tally(Made.tally(seed: 1) + Made.tally(seed: 2)))])
        #expect(two.replicas[0].reason == "its counters are of 2 servers")
    }

    @Test func `shadows are judged by the requests that both scored`() {
        let good = hearing(
            [("a:1", .tally(Made.shadowed(700))), ("b:1", .tally(Made.shadowed(700)))], of: Made.shadowTrial)
        #expect(good.units == 1400)
        #expect(Judge().verdict(on: good).decision == .pass)
        let few = hearing([("a:1", .tally(Made.shadowed(700)))], of: Made.shadowTrial)
        #expect(Judge().verdict(on: few).decision == .insufficient)
        let broken = hearing([("a:1", .tally(Made.shadowed(700, failing: 50)))], of: Made.shadowTrial)
        #expect(Judge().verdict(on: broken).decision == .fail)
        let nothing = hearing([("a:1", .tally(Made.tally(12)))], of: Made.shadowTrial)
        #expect(nothing.countedReplicas == 1)
        #expect(Judge().verdict(on: nothing).decision == .insufficient)
    }
}
