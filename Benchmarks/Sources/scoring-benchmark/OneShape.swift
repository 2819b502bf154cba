import ArgumentParser
import DIEN
import Measuring
import Tensors

/// Times `Model.score` on one thread: vocabulary look-ups, forward pass and probabilities; no protocol.
struct OneShape: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "once", abstract: "Times one user against N candidates; prints one JSON line.",
        discussion: "EXAMPLE  scoring-benchmark --model folder --history 100 --candidates 100 --kernels avx2")

    @Option(help: "The model folder.") var model: String
    @Option(help: "Behaviours of the user.") var history = 100
    @Option(help: "Candidates.") var candidates = 100
    @Option(help: "How long to measure, in seconds.") var seconds = 2.0
    @Option(help: "automatic, scalar, avx2 or avx512.") var kernels = "automatic"

    func run() throws {
        guard let set = InstructionSet(rawValue: kernels) else {
            throw ValidationError("no kernels '\(kernels)'")
        }
        let network = try Model(files: ModelFolder(path: model), kernels: Kernels.select(set))
        let golden = try network.verifyGolden()
        let input = RankingInput.random(for: network.configuration, history: history, candidates: candidates)

        let timing = try Stopwatch.measure(seconds: seconds, atLeast: 20) {
            let scores = try network.score(input)
            precondition(scores.probabilities.count == candidates)
        }
        print(
            """
            {"engine": "dien \(network.kernels.name)", "preset": "\(network.configuration.preset)", \
            "history": \(history), "candidates": \(candidates), \
            "golden_largest_difference": \(golden.largestDifference), \
            "best_median_ms": \(timing.median), \
            "p99_ms": \(timing.p99), "runs": \(timing.milliseconds.count)}
            """)
    }
}
