import ArgumentParser
import Files

/// `dien-train`: from raw interactions to a model folder that `dien-registry push` accepts.
@main
struct DIENTrain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dien-train",
        abstract: "Prepare data, train the DIEN family, judge what came of it.",
        subcommands: [
            PrepareCommand.self, TrainCommand.self, SweepCommand.self, EvaluateCommand.self,
            ExplainCommand.self, CompressCommand.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            // The parser's own status of a mistake is 64.
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            StandardStream.error.writeLine(fullMessage(for: error))
            exit(withError: ExitCode(ExitStatus.usage.rawValue))
        }
    }
}
