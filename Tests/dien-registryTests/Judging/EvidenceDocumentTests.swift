import Experiment
import Files
import Foundation
import ModelRegistry
import Testing

@testable import dien_registry

/// What a verdict has to be before a version becomes the champion by it.
@Suite struct EvidenceDocumentTests {
    private let bench: TemporaryRegistry
    private let now = WallClock.unixMilliseconds()

    init() throws {
        bench = try TemporaryRegistry()
        try bench.split()  // epoch 5
    }

    private func document(
        _ candidate: FakeReplicas.Candidate = .good, policy: JudgePolicy = JudgePolicy()
    ) throws -> EvidenceDocument {
        let state = try bench.state
        let trial = try Trial(of: "sports", in: state)
        let answers = try FakeReplicas(bench: bench, candidate: candidate).answers()
        return try EvidenceDocument(
            Evidence(
                trial: trial, epoch: state.epoch, time: Timestamp.text(now), policy: policy,
                hearing: Hearing(of: trial, answers, state: state, in: bench.registry)))
    }

    private func refusal(
        _ document: EvidenceDocument, version: UInt64 = 3, policy: JudgePolicy = JudgePolicy(), age: Int = 60,
        after seconds: UInt64 = 0
    ) throws -> String? {
        do {
            try document.requirePass(
                of: version, in: bench.state, policy: policy, age: age, now: now + seconds * 1000)
            return nil
        } catch let error as JudgingError { return error.description }
    }

    @Test func `a pass in the running split makes the version the champion, and nothing else does`() throws {
        let passed = try document()
        #expect(try refusal(passed) == nil)
        #expect(try refusal(document(.broken))?.hasPrefix("the verdict is no PASS: FAIL; guard: ") == true)
        #expect(try refusal(document(.unseen))?.hasPrefix("the verdict is no PASS: INSUFFICIENT; ") == true)
        #expect(try refusal(passed, version: 2)?.contains("it is of version 3, not of 2") == true)
        #expect(try refusal(passed, after: 61)?.contains("61 s old, more than 60 s") == true)
        var lax = JudgePolicy()
        lax.clickMargin = 0.9
        #expect(try refusal(document(policy: lax))?.contains("by another policy") == true)
        #expect(try refusal(document(policy: lax), policy: lax) == nil)
    }

    @Test func `a pass against another champion, in another split or none does not count`() throws {
        let passed = try document()
        _ = try bench.registry.promote(
            model: "sports", version: 2, note: bench.note("promote"), verifier: { _ in })
        #expect(try refusal(passed)?.contains("the arm 'control' is not what was judged any more") == true)
        _ = try bench.registry.rollback(model: "sports", note: bench.note("rollback"))
        #expect(try refusal(passed) == nil)
        _ = try bench.registry.stopSplit(of: "sports", note: bench.note("split stop"))
        #expect(try refusal(passed)?.contains("no split of 'sports' runs") == true)
        try bench.split(salt: "s2")
        #expect(try refusal(passed)?.contains("of the split 's1', and 's2' runs") == true)
    }

    @Test func `a document that was changed is refused for what is wrong with it`() throws {
        let passed = try document()
        func read(_ old: String, _ new: String, model: String = "sports") throws -> EvidenceDocument {
            let text = String(decoding: passed.bytes, as: UTF8.self)
            #expect(text.contains(old))
            return try EvidenceDocument(
                Array(text.replacingOccurrences(of: old, with: new).utf8), from: "x.json", model: model)
        }
        #expect(try read("3,", "3,").evidence == passed.evidence)
        let failed = String(decoding: try document(.broken).bytes, as: UTF8.self)
        let forged = try EvidenceDocument(
            Array(failed.replacingOccurrences(of: "FAIL", with: "PASS").utf8), from: "x", model: "sports")
        #expect(
            try refusal(forged)?.contains("its verdict does not follow: the decision is FAIL, not PASS")
                == true)
        for (old, new, reason) in [
            (#"{"epoch""#, #"{"a":1,"epoch""#, "unknown key 'a'"),
            (#""epoch":5,"#, #""epoch":05,"#, "x.json: no evidence"),
            (#""format""#, #" "format""#, "not in canonical form"),
            ("dien-evidence/1", "dien-evidence/9", "only 'dien-evidence/1'"),
        ] {
            let error = try #require(throws: JudgingError.self) { _ = try read(old, new) }
            #expect(error.description.contains(reason), "\(error)")
            #expect(error.status == .verificationRefused)
        }
        let other = try #require(throws: JudgingError.self) { _ = try read("3,", "3,", model: "beauty") }
        #expect(other.description.contains("about model 'sports'") && other.status == .preconditionLost)
    }

    @Test func `the newest evidence of the running split is found, not that of one before`() throws {
        func newest() throws -> EvidenceDocument? {
            try bench.registry.newestEvidence(about: "sports", in: bench.state) { $0.candidate.version == 3 }
        }
        #expect(try newest() == nil)
        let passed = try document()
        var note = bench.note("split ramp")
        note.evidence = passed.bytes
        _ = try bench.registry.rampSplit(of: "sports", to: 1_000, note: note)
        try bench.push("d")
        #expect(try newest()?.digest == passed.digest)
        _ = try bench.registry.stopSplit(of: "sports", note: bench.note("split stop"))
        #expect(try newest() == nil)
        try bench.split(salt: "s2")
        #expect(try newest() == nil)
    }

    @Test func `a report tells each check with its figures, and what a replay found`() throws {
        let passed = try document()
        let text = JudgeReport(passed, replayed: true).text
        let lines = text.split(separator: "\n")
        #expect(lines.first == "sports: version 3 beside 1, split s1, epoch 5")
        #expect(lines[1] == "PASS         replicas: 3 of 3 are counted")
        #expect(
            lines.contains {
                $0.hasPrefix("PASS         click-through rate: ") && $0.contains("(+0.00 %, +0.00 % to")
            }
        )
        #expect(lines.suffix(2) == ["computed again: the same, to the bit", "PASS"])
        #expect(
            try Output.json(JudgeReport(passed)).contains(#""decision":"PASS","epoch":5,"evidence":"sha256:"#)
        )
    }

    @Test func `saved counters give the verdict that they gave`() throws {
        let path = bench.root + "/counters.json"
        let answers = try FakeReplicas(bench: bench, silent: ["b:1"]).answers()
        try SavedCounters(answers, time: "2026-11-24T11:00:00.000Z").write(to: path)
        let heard = try SavedCounters(path: path).heard
        #expect(heard.map(\.replica) == ["a:1", "b:1", "c:1"])
        #expect(zip(heard, answers).allSatisfy { $0.answer == $1.answer })
        try Data("{}".utf8).write(to: URL(fileURLWithPath: path))
        let error = try #require(throws: JudgingError.self) { _ = try SavedCounters(path: path) }
        #expect(error.description.hasPrefix("\(path): no saved counters: "))
    }
}
