/// One of several requests that are scored side by side.
public struct BatchedRequest: Sendable {
    /// The request, resolved by the model that scores it.
    public var input: ResolvedInput
    /// How many behaviours to tell for each candidate.
    public var topAttention: Int

    /// A request.
    public init(_ input: ResolvedInput, topAttention: Int = 0) {
        self.input = input
        self.topAttention = topAttention
    }
}

/// What became of it.
public struct BatchedScores: Sendable {
    /// The answer, or why there is none.
    public var scores: Result<Scores, ScoringError>
    /// What became of its user's state.
    public var origin: UserStateOrigin

    /// An outcome.
    public init(scores: Result<Scores, ScoringError>, origin: UserStateOrigin) {
        self.scores = scores
        self.origin = origin
    }
}

extension Model {
    /// Scores requests of several users side by side: their histories go through the GRUs together, and their candidates
    /// share blocks. Same bits as each alone, in the order of the requests.
    public func score(
        _ requests: [BatchedRequest], in cache: UserStateCache?, _ workspace: inout Workspace
    ) -> [BatchedScores] {
        score(requests, in: cache, &workspace, blockCandidates: ScoringPlan.blockCandidates, asking: {})
    }

    /// The same, a little at a time, so that it can be given up.
    ///
    /// - Parameter goOn: asked before each part of ``partCandidates(steps:)``, and of 128 behaviours; where it throws, the
    ///   requests that are not done by then fail with that.
    public func score(
        _ requests: [BatchedRequest], in cache: UserStateCache?, _ workspace: inout Workspace,
        asking goOn: () throws(ScoringError) -> Void
    ) -> [BatchedScores] {
        let steps = requests.reduce(0) { max($0, $1.input.history.count) }
        return score(
            requests, in: cache, &workspace, blockCandidates: partCandidates(steps: steps), asking: goOn)
    }

    private func score(
        _ requests: [BatchedRequest], in cache: UserStateCache?, _ workspace: inout Workspace,
        blockCandidates: Int, asking goOn: () throws(ScoringError) -> Void
    ) -> [BatchedScores] {
        let users: [(state: UserState, origin: UserStateOrigin)]
        do throws(ScoringError) {
            users = try userStates(of: requests.map(\.input.history), in: cache, &workspace, asking: goOn)
        } catch {
            return requests.map { _ in BatchedScores(scores: .failure(error), origin: .computed) }
        }
        var scored = [Result<ScoredCandidates, ScoringError>](
            repeating: .success(ScoredCandidates()), count: requests.count)
        for (index, request) in requests.enumerated() {
            do throws(ScoringError) { try checkAttention(request.topAttention) } catch {
                scored[index] = .failure(error)
            }
        }
        for block in BatchBlock.blocks(of: requests, users.map(\.state), size: blockCandidates) {
            do throws(ScoringError) { try goOn() } catch {
                for index in block.requests { scored[index] = .failure(error) }
                continue
            }
            plan.score(block.parts, &workspace)
            var row = 0
            for (part, index) in zip(block.parts, block.requests) {
                defer { row += part.candidates.count }
                guard case .success(var soFar) = scored[index] else { continue }
                // Given up while it grows, so that what is there is not copied.
                scored[index] = .success(ScoredCandidates())
                do throws(ScoringError) {
                    try soFar.append(
                        part.candidates, row: row, of: workspace, steps: part.user.steps,
                        topAttention: requests[index].topAttention)
                    scored[index] = .success(soFar)
                } catch { scored[index] = .failure(error) }
            }
        }
        return requests.indices.map { index in
            BatchedScores(
                scores: scored[index].map { $0.scores(of: requests[index].input) },
                origin: users[index].origin)
        }
    }

    /// The states of several users, from the cache, or computed together and kept there.
    func userStates<Stop: Error>(
        of histories: [EmbeddingRows], in cache: UserStateCache?, _ workspace: inout Workspace,
        asking goOn: () throws(Stop) -> Void
    ) throws(Stop) -> [(state: UserState, origin: UserStateOrigin)] {
        let places = histories.map { cache?.place(of: $0) }
        let known = places.map { place in place.flatMap { cache?.find($0) } }
        let missing = histories.indices.filter { known[$0] == nil || known[$0]?.steps != histories[$0].count }
        let computed = try plan.states(
            of: missing.map { (histories[$0], known[$0]) }, &workspace, asking: goOn)
        var states = known.map { ($0, UserStateOrigin.hit) }
        for (index, state) in zip(missing, computed) {
            if let cache, let place = places[index] {
                cache.insert(state, at: place, extending: known[index])
            }
            states[index] = (state, known[index] == nil ? .computed : .extended)
        }
        return states.compactMap { state, origin in state.map { ($0, origin) } }
    }
}

/// Candidates of several requests that are scored side by side, those with the longest history first.
struct BatchBlock {
    var parts: [BlockPart] = []
    /// Whose candidates they are, a part.
    var requests: [Int] = []

    /// All candidates, in blocks of at most `size`.
    static func blocks(of requests: [BatchedRequest], _ users: [UserState], size: Int) -> [BatchBlock] {
        var blocks: [BatchBlock] = []
        var room = 0
        for index in requests.indices.sorted(by: { (users[$0].steps, $1) > (users[$1].steps, $0) }) {
            let count = requests[index].input.candidates.count
            var first = 0
            while first < count {
                if room == 0 {
                    blocks.append(BatchBlock())
                    room = size
                }
                let part = first..<min(first + room, count)
                blocks[blocks.count - 1].parts.append(
                    BlockPart(input: requests[index].input, candidates: part, user: users[index]))
                blocks[blocks.count - 1].requests.append(index)
                room -= part.count
                first = part.upperBound
            }
        }
        return blocks
    }
}
