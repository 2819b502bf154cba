import Experiment
import Foundation
import Testing

/// The figures that the algorithms' own test suites publish.
@Suite struct ReferenceVectorTests {
    @Test(arguments: [
        ("", "a", 0.22), ("", "b", 0.077), ("b", "a", 0.946), ("ef", "d", 0.652),
        ("asdf", "8952klfjas09ujk", 0.549), ("", "123", 0.011),
    ])
    func `GrowthBook's hash, version 1`(salt: String, unit: String, expected: Double) {
        #expect(UnitHash(.growthBookV1, salt: salt).position(of: unit) == expected)
    }

    @Test(arguments: [
        ("seed", "a", 0.0505), ("seed", "b", 0.2696), ("foo", "ab", 0.2575), ("foo", "def", 0.2019),
        ("89123klj", "8952klfjas09ujkasdf", 0.124), ("90850943850283058242805", "123", 0.7516),
    ])
    func `GrowthBook's hash, version 2`(salt: String, unit: String, expected: Double) {
        #expect(UnitHash(.growthBookV2, salt: salt).position(of: unit) == expected)
    }

    @Test func `GrowthBook has no version 99, and no other algorithm of that name`() {
        #expect(AssignmentAlgorithm(rawValue: "growthbook-v99") == nil)
        #expect(AssignmentAlgorithm.allCases.filter(\.isLegacy) == [.growthBookV1])
    }

    /// States name algorithms by these texts.
    @Test func `the algorithms are those that registry README defines`() throws {
        let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: repository.appending(path: "registry/README.md"), encoding: .utf8)
        let table = try #require(text.components(separatedBy: "| algorithm | position").dropFirst().first)
        let names = table.split(separator: "\n").prefix { $0.contains("|") }.compactMap { row in
            row.hasPrefix("| `") ? row.split(separator: "`")[1] : nil
        }
        #expect(names.map(String.init) == AssignmentAlgorithm.allCases.map(\.rawValue))
    }

    @Test(arguments: [
        ("ppid1", "1886780721", 5254), ("ppid2", "1886780721", 4299), ("ppid2", "1886780722", 2434),
        ("ppid3", "1886780721", 5439),
    ])
    func `Optimizely's buckets`(unit: String, parent: String, bucket: Int) {
        #expect(UnitHash(.optimizely, salt: parent).position(of: unit) == Double(bucket) / 10_000)
    }

    @Test func `Statsig's buckets`() {
        let hash = UnitHash(.statsig, salt: "salt.rule")
        #expect(hash.position(of: "user-1") == 0.8512)
        #expect(hash.position(of: "user-2") == 0.7962)
    }

    @Test func `PlanOut's hash and uniform`() {
        let hash = PlanOutHash(salt: "assign_salt_a.x", unit: "20")
        #expect(hash.value == 135_407_627_838_425_381)
        #expect(hash.uniform == 0.11744739541882357)
        #expect(UnitHash(.planOut, salt: "assign_salt_a.x").position(of: "20") == 0.11744739541882357)
    }

    @Test(arguments: [("foo", 1), ("bar", 0), ("baz", 0)])
    func `PlanOut's choice between two`(parameter: String, choice: Int) {
        #expect(PlanOutHash(salt: "test_salt.\(parameter)", unit: "4").choice(of: 2) == choice)
    }

    @Test func `PlanOut's choice among eight`() {
        #expect(PlanOutHash(salt: "test_salt.foo", unit: "4").choice(of: 8) == 7)
    }

    /// Its interpreter test: a Bernoulli trial of 0.8, and a product of two choices.
    @Test func `PlanOut's social comparison script`() {
        func hash(_ parameter: String) -> PlanOutHash {
            PlanOutHash(salt: "foo.\(parameter)", unit: "123454")
        }
        #expect(hash("specific_goal").uniform <= 0.8)
        let groupSize = [1, 10][hash("group_size").choice(of: 2)]
        let ratings = [8, 16, 32, 64][hash("ratings_per_user_goal").choice(of: 4)]
        #expect(groupSize * ratings == 320)
    }
}
