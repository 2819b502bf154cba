import Experiment
import Foundation
import TestSupport
import Testing

/// What a judge works with, as JSON that may come from anywhere.
@Suite struct JudgeCodingTests {
    private func encoded(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private func decoded<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    private func reason(_ type: (some Decodable).Type, _ text: String) -> String {
        do {
            _ = try decoded(type, text)
            return "accepted"
        } catch DecodingError.dataCorrupted(let context) {
            return context.debugDescription
        } catch {
            return "\(error)"
        }
    }

    @Test func `counters come back to the bit, and quantities that are 0 take no room`() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix64(seed: seed)
        var counters = ArmCounters()
        for bucket in 0..<ArmCounters.bucketCount {
            counters.add(Double(random.next() % 1000), to: .impressions, bucket: bucket)
            counters.add(random.normal() * 1e-3, to: .logLoss, bucket: bucket)
        }
        let text = try encoded(counters)
        #expect(try decoded(ArmCounters.self, text) == counters, "seed \(seed)")
        #expect(text.contains("\"impressions\":[") && !text.contains("clicks"))
        #expect(try encoded(ArmCounters()) == "{}")
    }

    @Test func `the names of quantities are those that saved counters have`() throws {
        var counters = ArmCounters()
        for quantity in ArmCounters.Quantity.allCases { counters.add(1, to: quantity, bucket: 0) }
        let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(counters)) as? [String: Any]
        let names = [
            "requests", "candidates", "impressions", "clicks", "conversions", "predictedClicks", "logLoss",
            "revenue", "cost", "errors", "overBudget", "fallbacks", "nonFinite",
        ]
        #expect(Set(try #require(object).keys) == Set(names))
    }

    @Test func `counters that no server has are refused`() {
        let short = "[" + Array(repeating: "1", count: 1023).joined(separator: ",") + "]"
        #expect(reason(ArmCounters.self, "{\"clicks\":\(short)}") == "1023 sums instead of 1024 finite ones")
        #expect(reason(ArmCounters.self, "{\"clicks\":[]}").hasPrefix("0 sums"))
        #expect(reason(ArmCounters.self, "{\"likes\":[]}") == "unknown quantity 'likes'")
    }

    @Test func `a census says of units what the sample says, and names none`() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix64(seed: seed)
        for (capacity, units) in [(16, 0), (16, 10), (16, 1000), (64, 5000), (1 << 14, 3000)] {
            var sample = UnitSample(capacity: capacity)
            for _ in 0..<units { sample.see(random.next()) }
            let census = UnitCensus(sample)
            #expect(census.estimatedUnits == sample.estimatedUnits, "seed \(seed)")
            for level in 0...70 { #expect(census.count(atLevel: level) == sample.count(atLevel: level)) }
            let text = try encoded(census)
            #expect(try decoded(UnitCensus.self, text) == census)
            #expect(!sample.hashes.contains { text.contains(String($0)) && $0 > 1 << 40 })
        }
        // A unit whose hash is 0 is in every sample.
        var zero = UnitSample()
        zero.see(0)
        #expect(UnitCensus(zero).counts.count == 65)
        #expect(try decoded(UnitCensus.self, encoded(UnitCensus(zero))) == UnitCensus(zero))
    }

    @Test(arguments: [
        #"{"counts":[1,2],"level":0}"#, #"{"counts":[0],"level":0}"#, #"{"counts":[-1],"level":0}"#,
        #"{"counts":[1],"level":65}"#, #"{"counts":[1],"level":-1}"#,
    ]) func `a census that no sample has is refused`(text: String) {
        #expect(reason(UnitCensus.self, text) == "no sample of units has these counts")
    }

    @Test func `a policy keeps the defaults that it does not name`() throws {
        var policy = JudgePolicy()
        policy.clickMargin = 0.05
        policy.minimumUnits = 7
        #expect(try decoded(JudgePolicy.self, #"{"clickMargin":0.05,"minimumUnits":7}"#) == policy)
        #expect(try decoded(JudgePolicy.self, encoded(policy)) == policy)
        #expect(try decoded(JudgePolicy.self, "{}") == JudgePolicy())
    }

    @Test func `a policy that no test can have is refused`() {
        #expect(reason(JudgePolicy.self, #"{"alpha":0}"#).contains("0.0 is outside"))
        #expect(reason(JudgePolicy.self, #"{"tuning":0.5}"#).contains("0.5 is outside"))
        #expect(reason(JudgePolicy.self, #"{"minimumUnits":-1}"#).contains("-1 is outside"))
        #expect(
            reason(JudgePolicy.self, #"{"clickmargin":0.1}"#).contains("unknown key 'clickmargin'; there is"))
    }

    @Test func `a plan comes back, and one whose shares do not rise is refused`() throws {
        let plan = RampPlan.standard(holdSeconds: 5, minimumUnits: 2)
        #expect(try decoded(RampPlan.self, encoded(plan)) == plan)
        func phases(_ shares: [Int]) -> String {
            let list = shares.map { "{\"share\":\($0),\"holdSeconds\":1,\"minimumUnits\":1}" }
            return "{\"phases\":[\(list.joined(separator: ","))]}"
        }
        #expect(reason(RampPlan.self, phases([])) == "0 phases instead of 1 to 100")
        #expect(reason(RampPlan.self, phases([5, 5])) == "shares must rise from phase to phase")
        #expect(reason(RampPlan.self, phases([6000])).hasPrefix("the share 6000 is neither"))
        #expect(reason(RampPlan.self, phases([-1])).hasPrefix("the share -1 is neither"))
        #expect(reason(RampPlan.self, #"{"steps":[]}"#).contains("unknown key 'steps'"))
    }
}
