import ArgumentParser
import DIEN
import Datasets
import Files
import Foundation
import Synchronization
import Training

/// `dien-train sweep`.
struct SweepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Train families × presets × seeds, and tell mean and spread.",
        discussion: """
            Each run has a folder of its own under the output folder. A run that has ended is recognised by its result \
            and not repeated; one that was stopped goes on from its checkpoint: the same command takes a sweep up. \
            Several data sets, such as the folds of one, are trained each and averaged together.

            The output folder gets results.json and results.md; the table is printed.

            EXAMPLES
              dien-train sweep data/sports --families base,din,dien --seeds 1-5 --output runs/sweep
              dien-train sweep data/fold0 data/fold1 --families base,din,dien --seeds 1 --output runs/folds --jobs 2
              dien-train sweep data/sports --families all --presets paper,reference --seeds 1-5 --output runs/all
            """)

    @Argument(help: "The prepared data sets' folders.", completion: .directory)
    var datasets: [String]

    @Option(help: "Families, as base,din,dien, or all.")
    var families = "base,din,dien"

    @Option(
        help: "Presets, as paper,reference; a family is trained in those that it has, or else in its own.")
    var presets = "paper"

    @Option(help: "Seeds, as 1-5 or 1,7.")
    var seeds = "1-5"

    @Option(help: "The folder of the sweep.", completion: .directory)
    var output: String

    @Option(help: "Trainings at a time; with one thread each, as many as there are cores is the fastest.")
    var jobs = 1

    @OptionGroup var training: TrainingOptions

    @Flag(help: "Print one JSON object on one line instead of the table.")
    var json = false

    func run() async throws {
        try await ExitStatus.reporting {
            let plan = try SweepPlan(
                datasets: datasets, families: families, presets: presets, seeds: seeds, output: output,
                training: training)
            guard jobs > 0 else { throw CommandError.options("--jobs is at least 1") }
            StopSignals.note()
            let results = try await perform(plan.runs)
            guard results.count == plan.runs.count else {
                StandardStream.error.writeLine("stopped; the same command goes on from here")
                throw ExitCode(128 + (StopSignals.pending ?? 2))
            }
            let table = SweepTable(results)
            try TrainingRun.write(try table.json() + "\n", to: "\(output)/results.json")
            try TrainingRun.write(table.markdown, to: "\(output)/results.md")
            print(json ? try table.json() : table.markdown, terminator: json ? "\n" : "")
        }
    }

    /// What the jobs share: the next run to begin.
    private final class Queue: Sendable {
        let next = Atomic(0)
    }

    /// Runs that many at a time; → the results in the plan's order, fewer if it was asked to stop.
    private func perform(_ runs: [TrainingRun]) async throws -> [TrainingResult] {
        let queue = Queue()
        return try await withThrowingTaskGroup(of: [(Int, TrainingResult)].self) { group in
            for _ in 0..<min(jobs, runs.count) {
                group.addTask {
                    var results: [(Int, TrainingResult)] = []
                    while StopSignals.pending == nil {
                        let index = queue.next.wrappingAdd(1, ordering: .relaxed).oldValue
                        guard index < runs.count else { break }
                        guard let result = try Self.perform(runs[index], index + 1, of: runs.count) else {
                            break
                        }
                        results.append((index, result))
                    }
                    return results
                }
            }
            var all: [(Int, TrainingResult)] = []
            for try await results in group { all += results }
            return all.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private static func perform(_ run: TrainingRun, _ number: Int, of count: Int) throws -> TrainingResult? {
        let name = TrainingRun.name(of: run.output)
        var reporter = TrainingReporter(prefix: "\(number)/\(count) \(name): ", isDrawing: false)
        if let result = TrainingResult(of: run.output) {
            reporter.line("has ended already")
            return result
        }
        let result = try run.perform(isStopping: { StopSignals.pending != nil }) { event in
            if case .evaluated = event { reporter.show(event, split: run.options.selectionSplit.rawValue) }
        }
        if let test = result?.test { reporter.line("test AUC \(TrainingResult.digits(test.auc))") }
        return result
    }
}
