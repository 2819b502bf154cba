import ArgumentParser
import ModelRegistry

/// `dien-registry split show`.
struct SplitShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Tell the split that runs, now or at an epoch, and each arm's share.",
        discussion: """
            EXAMPLES
              dien-registry split show sports
              dien-registry split show sports --epoch 9 --json
            """)

    @Argument(help: "The model's name.")
    var name: String

    @Option(help: "The epoch to look at (default: the newest).")
    var epoch: UInt64?

    @OptionGroup var reading: ReadingOptions

    func run() throws {
        let registry = try reading.open()
        let state = if let epoch { try registry.state(epoch: epoch) } else { try registry.currentState() }
        _ = try state.model(name)
        let report = SplitReport(model: name, state: state, committed: false)
        try Output.print(json: reading.json, report, text: report.text)
    }
}
