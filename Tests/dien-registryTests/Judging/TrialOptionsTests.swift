import ArgumentParser
import Experiment
import ModelRegistry
import Testing

@testable import dien_registry

/// What is judged where the state leaves a choice.
@Suite struct TrialOptionsTests {
    private let bench: TemporaryRegistry

    init() throws { bench = try TemporaryRegistry() }

    private func trial(_ options: [String] = []) throws -> Trial {
        try TrialOptions.parse(options).trial(of: "sports", in: bench.state)
    }

    private func complaint(_ options: [String] = []) -> String {
        do {
            _ = try trial(options)
            return "none"
        } catch { return "\(error)" }
    }

    private func start(_ arms: [RegisteredSplit.Arm], control: String?) throws {
        _ = try bench.registry.startSplit(
            RegisteredSplit(salt: "s1", unit: "u", arms: arms, coverage: 100, control: control), of: "sports",
            note: bench.note("split start"), verifier: { _ in })
    }

    @Test func `the split is judged, or else the shadow, or the shadow when told`() throws {
        #expect(complaint() == "no version of 'sports' is tried; start a split or a shadow, then judge")
        _ = try bench.registry.shadow(
            .init(target: .version(2), rate: 100), of: "sports", note: bench.note("shadow"),
            verifier: { _ in })
        let shadow = Trial(
            model: "sports", kind: .shadow, candidate: .init(version: 2), control: .init(version: 1))
        #expect(try trial() == shadow)
        try bench.split()
        #expect(
            try trial()
                == Trial(
                    model: "sports", kind: .split, experiment: "s1",
                    candidate: .init(arm: "candidate", version: 3),
                    control: .init(arm: "control", version: 1)))
        #expect(try trial(["--shadow"]) == shadow)
    }

    @Test func `of several arms one is named, with its weight`() throws {
        try start(
            [
                .init(name: "a", target: .version(2), weight: 20),
                .init(name: "b", target: .version(3), weight: 30),
                .init(name: "c", target: .alias("champion"), weight: 50),
            ], control: nil)
        #expect(complaint().contains("say by --control what is compared with"))
        #expect(complaint(["--control", "c"]).contains("the split tries a, b; say by --arm"))
        #expect(complaint(["--control", "c", "--arm", "x"]).contains("no arm 'x'; there is a, b, c"))
        #expect(complaint(["--control", "c", "--arm", "c"]).contains("cannot be compared with itself"))
        let trial = try trial(["--control", "c", "--arm", "b"])
        #expect(trial.candidate == .init(arm: "b", version: 3, weight: 30))
        #expect(trial.control == .init(arm: "c", version: 1, weight: 50))
    }
}
