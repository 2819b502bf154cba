import Experiment
import Foundation
import TestSupport
import Testing

/// Counters saved as JSON.
@Suite struct TallyCodingTests {
    private func encoded(_ tally: ServerTally) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(tally), as: UTF8.self)
    }

    private func decoded(_ text: String) throws -> ServerTally {
        try JSONDecoder().decode(ServerTally.self, from: Data(text.utf8))
    }

    @Test func `what was saved comes back whole, and equal tallies have equal bytes`() throws {
        var tally = Made.tally(candidate: .init(units: 500), control: .init(units: 500), seed: 3)
        tally = tally + Made.shadowed(20, failing: 1)
        tally.feedback = FeedbackCounts(accepted: 4, late: 1)
        let text = try encoded(tally)
        #expect(try decoded(text) == tally)
        #expect(try encoded(decoded(text)) == text)
    }

    @Test(arguments: [
        (#""hashes":[""#, #""hashes":["zz",""#, "no sample of units"),
        (#""level":0"#, #""level":65"#, "no sample of units"),
        (#""capacity":16384"#, #""capacity":1"#, "no sample of units"),
        (#""capacity":16384"#, #""capacity":99999999"#, "no sample of units"),
        (#""isRunning":true"#, #""isRunning":true,"x":1"#, "unknown key 'x'"),
        (#""open":{"clicks":3}"#, #""open":{"taps":3}"#, "'taps' is no sum"),
        (#""pairs":40"#, #""pairs":41"#, "the sums of a shadow cannot be"),
    ]) func `saved counters that no server has are refused`(_ old: String, _ new: String, _ reason: String)
        throws
    {
        let tally =
            Made.tally(candidate: .init(units: 500), control: .init(units: 500), seed: 3) + Made.shadowed(20)
        let text = try encoded(tally)
        #expect(text.contains(old))
        do {
            _ = try decoded(text.replacingOccurrences(of: old, with: new))
            Issue.record("accepted")
        } catch DecodingError.dataCorrupted(let context) {
            #expect(context.debugDescription.contains(reason), "\(context.debugDescription)")
        }
    }
}
