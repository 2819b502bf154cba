import ArgumentParser
import ModelRegistry

/// `dien-registry split ramp`.
struct SplitRampCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ramp", abstract: "Enrol more units; those enrolled stay with their arm.",
        discussion: """
            EXAMPLES
              dien-registry split ramp sports 10 --expect-epoch 9
              dien-registry split ramp sports 20 --resume
              dien-registry split ramp sports 2 --down --reason "latency"
              dien-registry split ramp sports 20 --evidence verdict.json
            """)

    @Argument(help: "The model's name.")
    var name: String

    @Argument(help: "How much of the arms is enrolled, in percent.")
    var coverage: Percent

    @Flag(help: "Allow a lower coverage, which withdraws the units enrolled last.")
    var down = false

    @Flag(help: "End a hold.")
    var resume = false

    @Option(help: "Commit only on top of this epoch.")
    var expectEpoch: UInt64?

    @OptionGroup var proof: EvidenceOption
    @OptionGroup var writing: WritingOptions
    @OptionGroup var reading: ReadingOptions

    func run() throws {
        let commit = try reading.open().rampSplit(
            of: name, to: coverage.basisPoints, down: down, resuming: resume, expectEpoch: expectEpoch,
            note: writing.note(
                "split ramp \(name) \(coverage.argument)\(down ? " --down" : "")\(resume ? " --resume" : "")",
                evidence: proof.bytes(about: name)))
        let report = SplitReport(model: name, commit: commit)
        try Output.print(json: reading.json, report, text: report.text)
    }
}
