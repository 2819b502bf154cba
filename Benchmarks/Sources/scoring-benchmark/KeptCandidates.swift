import ArgumentParser
import DIEN
import Measuring
import Tensors

/// What candidates that are kept save: a request with its candidates computed and found, and one of which none is there.
struct KeptCandidates: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "candidates",
        abstract: "Times a request by what is kept of its candidates; prints one JSON line.",
        discussion: """
            The user's state is there in all calls. "found": the same candidates in each, beside "computed", by a model \
            that keeps nothing. "missed": other candidates in each, which are kept then, beside "others_computed".

            EXAMPLE  scoring-benchmark candidates --model folder --history 10 --candidates 5
            """)

    @Option(help: "The model folder.") var model: String
    @Option(help: "Behaviours of the user.") var history = 100
    @Option(help: "Candidates.") var candidates = 100
    @Option(help: "Memory for what is kept, in MB.") var megabytes = 4
    @Option(help: "How long to measure, in seconds.") var seconds = 1.0
    @Option(help: "automatic, scalar, avx2 or avx512.") var kernels = "automatic"

    func run() throws {
        guard let set = InstructionSet(rawValue: kernels) else {
            throw ValidationError("no kernels '\(kernels)'")
        }
        let files = ModelFolder(path: model)
        func loaded(megabytes: Int) throws -> Model {
            try Model(
                files: files, kernels: Kernels.select(set),
                keeping: CandidateLimits(bytes: megabytes * 1_000_000, threads: 1))
        }
        let plain = try loaded(megabytes: 0)
        let inputs = try requests(of: plain)
        var workspace = Workspace()
        let state = plain.userState(of: inputs[0], in: nil, &workspace).state
        let same = try Pair(
            plain, try loaded(megabytes: megabytes), inputs.prefix(1), state, &workspace, seconds / 2)
        let other = try Pair(
            plain, try loaded(megabytes: megabytes), inputs[...], state, &workspace, seconds / 2)
        print(
            """
            {"engine": "dien \(plain.kernels.name)", "history": \(history), "candidates": \(candidates), \
            "computed_ms": \(same.computed), "found_ms": \(same.keeping), \
            "others_computed_ms": \(other.computed), "missed_ms": \(other.keeping), \
            "found_share": \(same.found), "missed_share": \(1 - other.found)}
            """)
    }

    /// One user with many lists of candidates: together more than there is room for.
    private func requests(of network: Model) throws -> [ResolvedInput] {
        var generator = SplitMix64(state: 1)
        let user = RankingInput.random(
            for: network.configuration, history: history, candidates: candidates, using: &generator)
        return try (0..<max(12_000 / candidates, 8)).map { _ in
            let other = RankingInput.random(
                for: network.configuration, history: 0, candidates: candidates, using: &generator)
            return try network.resolve(
                RankingInput(
                    profile: user.profile, history: user.history, candidates: other.candidates,
                    context: user.context))
        }
    }
}

/// Medians of two models that score the same requests in turns, so that what else the machine does hits both alike.
private struct Pair {
    let computed, keeping: Double
    /// Of the candidates looked for, how many were there.
    let found: Double

    init(
        _ plain: Model, _ kept: Model, _ inputs: ArraySlice<ResolvedInput>, _ state: UserState,
        _ workspace: inout Workspace, _ seconds: Double
    ) throws {
        func time(_ model: Model, _ input: ResolvedInput) throws -> Double {
            let start = ContinuousClock.now
            _ = try model.score(input, of: state, &workspace)
            return (ContinuousClock.now - start) / .milliseconds(1)
        }
        // What is kept has filled up.
        for input in inputs { _ = try time(kept, input) }
        for _ in 0..<3 { _ = try (time(plain, inputs[0]), time(kept, inputs[0])) }
        let before = kept.candidateCounts
        var times: (plain: [Double], kept: [Double]) = ([], [])
        let end = ContinuousClock.now + .seconds(seconds)
        var call = 0
        while ContinuousClock.now < end || call < 20 {
            let input = inputs[call % inputs.count]
            // Each goes first as often as the other.
            if call % 2 == 0 { times.plain.append(try time(plain, input)) }
            times.kept.append(try time(kept, input))
            if call % 2 == 1 { times.plain.append(try time(plain, input)) }
            call += 1
        }
        (computed, keeping) = (Self.median(times.plain), Self.median(times.kept))
        let hits = Double((kept.candidateCounts?.hits ?? 0) - (before?.hits ?? 0))
        let misses = Double((kept.candidateCounts?.misses ?? 0) - (before?.misses ?? 0))
        found = hits / max(hits + misses, 1)
    }

    private static func median(_ times: [Double]) -> Double { times.sorted()[times.count / 2] }
}
