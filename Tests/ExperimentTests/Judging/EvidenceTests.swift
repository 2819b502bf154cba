import Experiment
import Foundation
import TestSupport
import Testing

/// What a verdict is made of, written down and read again.
@Suite struct EvidenceTests {
    private static let tallies = [Made.tally(seed: 1), Made.tally(seed: 2)]

    private func evidence(of trial: Trial = Made.trial, _ tallies: [ServerTally] = Self.tallies) -> Evidence {
        let answers = tallies.enumerated().map { (replica: "r\($0):1", answer: Hearing.Answer.tally($1)) }
        return Evidence(
            trial: trial, epoch: 12, time: "2026-11-24T11:00:00.000Z", policy: JudgePolicy(),
            hearing: Hearing(of: trial, answers + [("c:1", .silence("gone"))]) { _ in nil })
    }

    private func encoded(_ evidence: Evidence) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(evidence), as: UTF8.self)
    }

    private func decoded(_ text: String) throws -> Evidence {
        try JSONDecoder().decode(Evidence.self, from: Data(text.utf8))
    }

    @Test func `the verdict follows from the document, to the bit`() throws {
        for original in [evidence(), evidence(of: Made.shadowTrial, [Made.shadowed(1500, failing: 1)])] {
            let read = try decoded(encoded(original))
            #expect(read == original)
            #expect(read.differences.isEmpty)
            #expect(Judge(read.policy).verdict(on: read.hearing) == original.verdict)
        }
    }

    @Test func `no unit stands in it`() throws {
        let text = try encoded(evidence())
        let hashes = Self.tallies.flatMap { $0.models[0].experiments[0].arms.flatMap { $0.units.hashes } }
        for hash in hashes.prefix(2000) {
            #expect(!text.contains(String(hash)) && !text.contains(String(hash, radix: 16)))
        }
        #expect(text.utf8.count < 300_000)
    }

    @Test func `a verdict that does not follow is found, and where`() throws {
        let text = try encoded(evidence())
        #expect(text.contains(#""decision":"INSUFFICIENT""#))
        let better = try decoded(text.replacingOccurrences(of: "INSUFFICIENT", with: "PASS"))
        #expect(better.differences.first == "the decision is INSUFFICIENT, not PASS")
        #expect(better.differences.contains("replicas: INSUFFICIENT, not PASS"))
        let lax = try decoded(
            text.replacingOccurrences(of: #""clickMargin":0.02"#, with: #""clickMargin":0.5"#))
        #expect(lax.differences.contains { $0.hasPrefix("click-through rate: ") })
        let other = try decoded(text.replacingOccurrences(of: #""name":"guard""#, with: #""name":"watch""#))
        #expect(other.differences.contains { $0.hasPrefix("the checks are others: replicas") })
    }

    @Test(arguments: [
        ("dien-evidence/1", "dien-evidence/2", "only 'dien-evidence/1'"),
        (#""epoch":12,"format""#, #""at":1,"epoch":12,"format""#, "unknown key 'at'"),
        (#""kind":"split""#, #""kind":"shadow""#, "has not the counters of a shadow"),
        (#""weight":1}"#, #""weight":0}"#, "no part"), (#""alpha":0.05"#, #""alpha":2"#, "2.0 is outside"),
    ]) func `a document of another form is refused`(_ old: String, _ new: String, _ reason: String) throws {
        let text = try encoded(evidence())
        #expect(text.contains(old))
        do {
            _ = try decoded(text.replacingOccurrences(of: old, with: new))
            Issue.record("accepted")
        } catch DecodingError.dataCorrupted(let context) {
            #expect(context.debugDescription.contains(reason), "\(context.debugDescription)")
        }
    }
}
