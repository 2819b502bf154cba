import ArgumentParser
import DIEN
import Measuring
import Tensors

/// Times small requests of many users, one by one and side by side, on one thread.
struct Batches: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batches",
        abstract: "Scores small requests one by one and in batches on this thread; prints one JSON line.",
        discussion: "EXAMPLE  scoring-benchmark batches --model folder --candidates 5 --batch 16")

    @Option(help: "The model folder.") var model: String
    @Option(help: "Candidates of a request.") var candidates = 5
    @Option(help: "Mean behaviours of a user; from half of that to one and a half.") var history = 30
    @Option(help: "Requests side by side.") var batch = 16
    @Option(help: "How long to measure each, in seconds.") var seconds = 2.0
    @Option(help: "automatic, scalar, avx2 or avx512.") var kernels = "automatic"

    func run() throws {
        guard let set = InstructionSet(rawValue: kernels) else {
            throw ValidationError("no kernels '\(kernels)'")
        }
        let network = try Model(files: ModelFolder(path: model), kernels: Kernels.select(set))
        let requests = try requests(of: network)
        var workspace = Workspace()
        // In turns, so that what else the machine does hits both alike.
        var (alone, together) = ([Double](), [Double]())
        let end = ContinuousClock.now + .seconds(2 * seconds)
        while ContinuousClock.now < end || alone.count < 5 {
            alone.append(time(requests, by: 1, network, &workspace))
            together.append(time(requests, by: batch, network, &workspace))
        }
        let (one, many) = (median(alone), median(together))
        print(
            """
            {"engine": "dien \(network.kernels.name)", "candidates": \(candidates), "history": \(history), \
            "batch": \(batch), "requests_per_second_alone": \(Int(1 / one)), \
            "requests_per_second_together": \(Int(1 / many)), "ratio": \(one / many)}
            """)
    }

    /// Seconds a request. The states of the users are computed each time: nothing is kept.
    private func time(
        _ requests: [BatchedRequest], by count: Int, _ network: Model, _ workspace: inout Workspace
    ) -> Double {
        let start = ContinuousClock.now
        for first in stride(from: 0, to: requests.count, by: count) {
            let part = Array(requests[first..<min(first + count, requests.count)])
            precondition(network.score(part, in: nil, &workspace).count == part.count)
        }
        return (ContinuousClock.now - start) / .seconds(1) / Double(requests.count)
    }

    private func median(_ times: [Double]) -> Double { times.sorted()[times.count / 2] }

    private func requests(of network: Model) throws -> [BatchedRequest] {
        var generator = SplitMix64(state: 1)
        return try (0..<256).map { _ in
            let steps = Int.random(in: history / 2...history * 3 / 2, using: &generator)
            let input = RankingInput.random(
                for: network.configuration, history: steps, candidates: candidates, using: &generator)
            return BatchedRequest(try network.resolve(input))
        }
    }
}
