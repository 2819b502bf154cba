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
        let input = randomInput(for: network.configuration)

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

    /// Known ids drawn with a fixed seed; the time does not depend on them but for cache misses.
    private func randomInput(for configuration: ModelConfiguration) -> RankingInput {
        var generator = SplitMix64(state: 1)
        func columns(_ features: [ModelConfiguration.Feature], _ count: Int) -> [FeatureColumn] {
            features.filter { $0.lookup == nil }.map { feature in
                let rows = configuration.tables.first { $0.name == feature.table }?.rows ?? 1
                let ids = (0..<count).map { _ in UInt64.random(in: 1...UInt64(rows - 1), using: &generator) }
                return FeatureColumn(name: feature.name, values: .ids(ids))
            }
        }
        return RankingInput(
            profile: columns(configuration.profile, 1), history: columns(configuration.history, history),
            candidates: columns(configuration.candidates, candidates),
            context: columns(configuration.context, 1))
    }
}
