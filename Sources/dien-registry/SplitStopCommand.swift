import ArgumentParser
import ModelRegistry

/// `dien-registry split stop`.
struct SplitStopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "End the split: the champion answers everybody, and the salt is retired.",
        discussion: """
            To keep a candidate that won, promote it first.

            EXAMPLES
              dien-registry split stop sports --reason "calibration off"
              dien-registry split stop sports --evidence verdict.json
            """)

    @Argument(help: "The model's name.")
    var name: String

    @Option(help: "Commit only on top of this epoch.")
    var expectEpoch: UInt64?

    @OptionGroup var proof: EvidenceOption
    @OptionGroup var writing: WritingOptions
    @OptionGroup var reading: ReadingOptions

    func run() throws {
        let commit = try reading.open().stopSplit(
            of: name, expectEpoch: expectEpoch,
            note: writing.note("split stop \(name)", evidence: proof.bytes(about: name)))
        let report = SplitReport(model: name, commit: commit)
        try Output.print(json: reading.json, report, text: report.text)
    }
}
