import ArgumentParser
import Datasets
import OfflineEvaluation
import Terminal

/// `dien-train evaluate`.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Judge a model, or compare two, on a split of a prepared data set.",
        discussion: """
            Scores every sample with the engine that serves, on all cores, and prints AUC (mid-ranks, DeLong), GAUC in \
            three weightings, log loss, normalized entropy and PCOC, each with its 95 % interval. Samples of one user \
            are not independent, so intervals and tests are taken over users. Probabilities are clipped to 1e-7 for the \
            log loss. Identifiers that a model does not know are unknown to it, as in serving.

            EXAMPLES
              dien-train evaluate models/dien --data data/sports
              dien-train evaluate --registry registry --model sports@2 --data data/sports --split test --json
              dien-train evaluate models/dien --against models/din --data data/sports --by history
              dien-train evaluate --model sports --against sports@challenger --data data/sports

            With --against, differences are the other model's figures less the first one's.

            EXIT STATUS
              0 done · 2 usage · 4 a model or the data failed a check · 5 input or output failed
            """)

    /// What samples are told apart by.
    enum Segmentation: String, ExpressibleByArgument, CaseIterable {
        /// The length of the history.
        case history
    }

    @OptionGroup var reference: ModelOptions

    @Option(help: "The prepared data set's folder.", completion: .directory)
    var data: String

    @Option(help: "The split: train, validation or test.", transform: DatasetSplit.init(argument:))
    var split: DatasetSplit = .test

    @Option(help: "Compare with this model, sample by sample: a folder, or NAME[@VERSION] of the registry.")
    var against: String?

    @Option(help: "Judge groups of samples apart: history (its length).")
    var by: Segmentation?

    @Flag(help: "Print the twenty bins of the calibration too.")
    var bins = false

    @Flag(help: "Print one JSON object on one line instead of text.")
    var json = false

    func run() async throws {
        try await ExitStatus.reporting {
            let dataset = try Dataset(path: data)
            var models = [try reference.load()]
            if let against { models.append(try reference.load(other: against)) }
            let scored = try await ScoredSamples(
                models, dataset, split, progress: ProgressBar.shared.show(scores:done:total:))
            let result = try EvaluationResult(
                scored, data: data, split: split.rawValue, segments: by == .history ? [.history] : [])
            print(json ? try result.json() : result.text(withBins: bins))
        }
    }
}

extension DatasetSplit {
    /// A split as it is typed.
    init(argument: String) throws {
        guard let split = DatasetSplit(rawValue: argument) else {
            throw ValidationError("the split is train, validation or test, not '\(argument)'")
        }
        self = split
    }
}
