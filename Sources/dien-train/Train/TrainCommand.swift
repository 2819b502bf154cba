import ArgumentParser
import DIEN
import Datasets
import Files
import Foundation
import Training

/// `dien-train train`.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model on a prepared data set.",
        discussion: """
            The output folder gets model/, which dien-registry push takes, train.jsonl (a line every hundred steps and \
            one an evaluation), report.html and result.json. The best parameters on the validation split are kept, and \
            training ends when it has stopped to improve there; the test split is looked at once, at the end.

            Ctrl-C writes a checkpoint and ends with 130; --resume goes on from there, or after a kill from the last \
            checkpoint, and comes to the same bits as an uninterrupted training.

            EXAMPLES
              dien-train train data/sports --output runs/dien
              dien-train train data/sports --output runs/dien --resume
              dien-train train data/sports --output runs/din --architecture din --seed 7 --threads 2
              dien-train train data/today --output runs/today --from sports@champion --registry registry
              dien-registry push sports runs/dien/model --registry registry

            EXIT STATUS
              0 done · 2 usage · 4 the data, or what came of training, failed a check · 5 input or output failed ·
              130 and 143 ended by SIGINT or SIGTERM, a checkpoint is there
            """)

    @Argument(help: "The prepared data set's folder.", completion: .directory)
    var dataset: String

    @Option(help: "The folder of the training.", completion: .directory)
    var output: String

    @Option(help: "The family of model: \(ModelConfiguration.Architecture.names).")
    var architecture = ModelConfiguration.Architecture.dien

    @Option(help: "Whose equations: paper or reference (default: paper, where the architecture has them).")
    var preset: ModelConfiguration.Preset?

    @Option(help: "Decides the first parameters, the order of samples and the negatives.")
    var seed: UInt64 = 1

    @OptionGroup var training: TrainingOptions

    @Option(help: "Go on from this model: a folder, or NAME[@VERSION] of the registry.")
    var from: String?

    @Option(help: "The registry's folder (default: $DIEN_REGISTRY, else ./registry).")
    var registry: String?

    @Flag(help: "Go on from the last checkpoint in the output folder.")
    var resume = false

    @Flag(help: "Begin anew, whatever stands in the output folder.")
    var restart = false

    @Flag(help: "Print one JSON object on one line instead of text.")
    var json = false

    func run() async throws {
        try await ExitStatus.reporting {
            let run = TrainingRun(
                datasetPath: dataset, sizes: training.sizes(architecture, preset),
                options: training.trainer(seed: seed), output: output, from: from,
                registry: registry ?? ProcessInfo.processInfo.environment["DIEN_REGISTRY"] ?? "./registry")
            try prepareOutput(run)
            StopSignals.note()
            var reporter = TrainingReporter()
            let result = try run.perform(isStopping: { StopSignals.pending != nil }) { event in
                reporter.show(event, split: run.options.selectionSplit.rawValue)
            }
            guard let result else {
                reporter.line("stopped; the checkpoint is written, go on with: \(resumeCommand)")
                throw ExitCode(128 + (StopSignals.pending ?? 2))
            }
            print(json ? try result.json() : result.text)
        }
    }

    /// What stands there is neither lost nor mixed up unasked.
    private func prepareOutput(_ run: TrainingRun) throws {
        if resume && restart { throw CommandError.options("--resume and --restart exclude each other") }
        if restart {
            try run.checkpoints.clear()
            try? FileManager.default.removeItem(atPath: "\(output)/\(TrainingResult.fileName)")
            return
        }
        if TrainingResult(of: output) != nil {
            throw CommandError.options(
                "\(output): a training has ended there; choose another folder, or say --restart")
        }
        if run.checkpoints.isPresent && !resume {
            throw CommandError.options(
                "\(output): a training has stopped there; go on with --resume, or begin anew with --restart")
        }
    }

    private var resumeCommand: String {
        let words = ["dien-train"] + CommandLine.arguments.dropFirst().filter { $0 != "--restart" }
        let quoted = words.map { word in
            word.allSatisfy { $0.isLetter || $0.isNumber || "-_./@,=+".contains($0) }
                ? word : "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
        }
        return (quoted + (resume ? [] : ["--resume"])).joined(separator: " ")
    }
}

extension ModelConfiguration.Architecture {
    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
