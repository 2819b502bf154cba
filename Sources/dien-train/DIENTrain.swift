internal import ArgumentParser

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
}
