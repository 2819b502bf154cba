import ArgumentParser
import ModelRegistry

/// `dien-registry split hold`.
struct SplitHoldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "Refuse to raise the coverage until `ramp --resume`.",
        discussion: """
            EXAMPLE
              dien-registry split hold sports --reason "waiting for Monday's labels"
            """)

    @Argument(help: "The model's name.")
    var name: String

    @Option(help: "Commit only on top of this epoch.")
    var expectEpoch: UInt64?

    @OptionGroup var writing: WritingOptions
    @OptionGroup var reading: ReadingOptions

    func run() throws {
        let commit = try reading.open().holdSplit(
            of: name, expectEpoch: expectEpoch, note: writing.note("split hold \(name)"))
        let report = SplitReport(model: name, commit: commit)
        try Output.print(json: reading.json, report, text: report.text)
    }
}
