import ArgumentParser

/// `dien-registry feedback`.
struct FeedbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feedback", abstract: "Work with outcomes that come as files.",
        subcommands: [FeedbackImportCommand.self])
}
