import ArgumentParser
import ModelRegistry
import Testing

@testable import dien_registry

@Suite struct SplitPlanTests {
    @Test func `an arm names a version and a weight, which is 1 if not given`() throws {
        let plain = try #require(ArmArgument(argument: "a=3"))
        #expect(plain.name == "a" && plain.version == "3" && plain.weight == 1)
        let weighed = try #require(ArmArgument(argument: "b=challenger:30"))
        #expect(weighed.name == "b" && weighed.version == "challenger" && weighed.weight == 30)
        for text in ["", "a", "a=", "a=:3", "a=1:2:3", "a=1:x", "a=1:-2", "a=b=1"] {
            #expect(ArmArgument(argument: text) == nil, "\(text)")
        }
    }

    @Test func `an allowed unit may hold an equals sign`() throws {
        let allowed = try #require(AllowArgument(argument: "k=v=candidate"))
        #expect(allowed.unit == "k=v" && allowed.arm == "candidate")
        #expect(AllowArgument(argument: "candidate") == nil)
    }

    @Test func `segments are two numbers`() throws {
        let segments = try #require(SegmentsArgument(argument: "0:5000"))
        #expect(segments.first == 0 && segments.end == 5_000)
        for text in ["", "5", "1:2:3", "-1:5", "a:b", ":"] {
            #expect(SegmentsArgument(argument: text) == nil, "\(text)")
        }
    }

    @Test(arguments: [
        [], ["--candidate", "2", "--arm", "a=2"], ["--candidate", "2", "--layer", "home"],
        ["--candidate", "2", "--segments", "0:5"], ["--candidate", "2", "--algorithm", "md5"],
        ["--candidate", "2", "--coverage", "101"],
    ])
    func `options that do not make a split are refused`(options: [String]) {
        #expect(throws: (any Error).self) { try SplitStartCommand.parse(["sports"] + options) }
    }

    @Test func `both programs' algorithms have the same names`() {
        #expect(
            RegisteredSplit.Algorithm.allCases.map(\.rawValue) == [
                "sha256", "growthbook-v2", "growthbook-v1", "planout", "optimizely", "statsig",
            ])
    }
}
