import ArgumentParser
import Foundation
import ModelRegistry

/// `dien-registry split start`.
struct SplitStartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Verify candidates and give each a share of the traffic.",
        discussion: """
            With --candidate, the arms are named candidate, candidate-2, … and stand beside the arm control; all have the same \
            size. With --arm, they are what is given, in that order. Arms, weights, algorithm and segments stay as they \
            are while the split runs, since another choice would move units: to change them, stop it or give --replace.

            Printed with it is how many impressions, and units that make them, an arm needs before a relative change of the \
            click-through rate is told: once for a single test at the end, once for `judge`, which may look at any time.

            EXAMPLES
              dien-registry split start sports --candidate 3 --coverage 2
              dien-registry split start sports --arm a=3:20 --arm b=challenger:30 --arm c=champion:50
              dien-registry split start sports --candidate 3 --layer home --segments 0:5000 --unit device_id
              dien-registry split start sports --candidate 3 --algorithm growthbook-v2 --salt ranker-test
              dien-registry split start sports --candidate 3 --expected-ctr 0.8 --impressions-per-unit 25

            JSON: as of every `split` command, and "samplePlan":{"rate":0.03,"rows":[{"difference":0.01,"impressions":…,\
            "impressionsAtAnyLook":…,"units":…,"unitsAtAnyLook":…},…],…}
            """)

    @Argument(help: "The model's name.")
    var name: String

    @OptionGroup var plan: SplitPlan
    @OptionGroup var expectation: SamplePlanOptions

    @Flag(help: "Stop the split that runs, in the same epoch.")
    var replace = false

    @Flag(help: "Use a salt again: units meet the arm they had, and what it did to them.")
    var saltAgain = false

    @Option(help: "Commit only on top of this epoch.")
    var expectEpoch: UInt64?

    @OptionGroup var writing: WritingOptions
    @OptionGroup var reading: ReadingOptions

    func run() throws {
        let registry = try reading.open()
        let split = try plan.split(of: name, in: registry.currentState())
        if split.algorithm == .growthBookV1 {
            let warning =
                "growthbook-v1 is legacy: its experiments are correlated; use it to continue one only"
            FileHandle.standardError.write(Data("dien-registry: \(warning)\n".utf8))
        }
        let commit = try registry.startSplit(
            split, of: name, replacing: replace, reusingSalt: saltAgain, expectEpoch: expectEpoch,
            note: writing.note("split start \(name) \(plan.recorded(split))"),
            verifier: ModelVerifier().verify)
        var report = SplitReport(model: name, commit: commit)
        report.samplePlan = expectation.plan
        try Output.print(json: reading.json, report, text: report.text)
    }
}
