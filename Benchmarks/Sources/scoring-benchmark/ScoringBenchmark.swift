import ArgumentParser
import DIEN
import Tensors

/// Times `Model.score` on one thread: vocabulary look-ups, forward pass and probabilities; no protocol.
@main
struct ScoringBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Times the scoring of one user against N candidates on this thread; prints one JSON line.",
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

        var milliseconds: [Double] = []
        let clock = ContinuousClock()
        let warm = clock.now + .seconds(seconds / 4)
        let end = warm + .seconds(seconds)
        while clock.now < end || milliseconds.count < 20 {
            let start = clock.now
            let scores = try network.score(input)
            let time = clock.now - start
            precondition(scores.probabilities.count == candidates)
            if start > warm { milliseconds.append(Double(time.components.attoseconds) / 1e15) }
        }
        milliseconds.sort()
        print(
            """
            {"engine": "dien \(network.kernels.name)", "preset": "\(network.configuration.preset)", \
            "history": \(history), "candidates": \(candidates), \
            "golden_largest_difference": \(golden.largestDifference), \
            "best_median_ms": \(milliseconds[milliseconds.count / 2]), \
            "p99_ms": \(milliseconds[milliseconds.count * 99 / 100]), "runs": \(milliseconds.count)}
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

/// Steele, Lea and Flood's SplitMix64: small, seedable, the same everywhere.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
