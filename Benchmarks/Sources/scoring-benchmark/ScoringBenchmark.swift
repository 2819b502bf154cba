import ArgumentParser

/// Times `Model.score`: vocabulary look-ups, forward pass and probabilities; no protocol.
@main
struct ScoringBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Times the scoring of one user against N candidates.",
        subcommands: [OneShape.self, ScoringWorker.self, KeptStates.self, KeptCandidates.self, Batches.self],
        defaultSubcommand: OneShape.self)
}
