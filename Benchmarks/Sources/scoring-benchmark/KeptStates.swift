import ArgumentParser
import DIEN
import Measuring
import Tensors

/// What a kept state of the user saves: the same request with the state computed, found, and extended by one behaviour.
struct KeptStates: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "states",
        abstract: "Times a request by what became of its user's state; prints one JSON line.")

    @Option(help: "The model folder.") var model: String
    @Option(help: "Behaviours of the user.") var history = 1000
    @Option(help: "Candidates.") var candidates = 1
    @Option(help: "How long to measure, in seconds.") var seconds = 0.2
    @Option(help: "Behaviours by which the history grows, one a call.") var growth = 32

    func run() throws {
        let network = try Model(files: ModelFolder(path: model))
        // The history grows by `growth`, and has its length in the middle.
        let shortest = max(history - growth / 2, 1)
        let long = RankingInput.random(
            for: network.configuration, history: shortest + growth, candidates: candidates)
        let input = long.withHistory(0..<history)
        var workspace = Workspace()
        let computed = try Stopwatch.measure(seconds: seconds, atLeast: 5) {
            try score(network, input, nil, &workspace, expecting: .computed)
        }
        // As in a session: each call knows one behaviour more, and is then made again.
        let session = UserStateCache(byteLimit: 1 << 30, shards: 1)
        try score(network, long.withHistory(0..<shortest), session, &workspace, expecting: .computed)
        let pairs = try (1...growth).map { step in
            let grown = long.withHistory(0..<shortest + step)
            func time(expecting origin: UserStateOrigin) throws -> Double {
                try Stopwatch.milliseconds {
                    try score(network, grown, session, &workspace, expecting: origin)
                }
            }
            return (extended: try time(expecting: .extended), hit: try time(expecting: .hit))
        }
        func median(_ values: [Double]) -> Double { values.sorted()[growth / 2] }
        print(
            """
            {"history": \(history), "candidates": \(candidates), "computed_ms": \(computed.median), \
            "hit_ms": \(median(pairs.map(\.hit))), "extended_ms": \(median(pairs.map(\.extended))), \
            "step_ms": \(median(pairs.map { $0.extended - $0.hit }))}
            """)
    }

    private func score(
        _ model: Model, _ input: RankingInput, _ cache: UserStateCache?, _ workspace: inout Workspace,
        expecting: UserStateOrigin
    ) throws {
        let resolved = try model.resolve(input)
        let (state, origin) = model.userState(of: resolved, in: cache, &workspace)
        guard origin == expecting else {
            throw ValidationError("the state was \(origin.rawValue)")
        }
        _ = try model.score(resolved, of: state, &workspace)
    }
}
