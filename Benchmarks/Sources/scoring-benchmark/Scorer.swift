import DIEN
import Dispatch

/// A model, and requests to score with it on a number of threads.
struct Scorer {
    let model: Model
    let threads: Int
    let inputs: [RankingInput]
    /// The candidates of each request, dealt to the threads.
    private let parts: [[RankingInput]]
    /// What is kept of users; nil: nothing.
    private let states: UserStateCache?
    private let results: Results

    init(model: Model, inputs: [RankingInput], threads: Int, keepsStates: Bool) {
        self.model = model
        self.inputs = inputs
        self.threads = threads
        states = keepsStates ? UserStateCache(byteLimit: 1 << 30, shards: 1) : nil
        results = Results(count: threads)
        parts = inputs.map { input in
            let count = input.candidates.first?.values.count ?? 0
            let ranges = (0..<threads).map { count * $0 / threads..<count * ($0 + 1) / threads }
            return ranges.filter { !$0.isEmpty }.map(input.with(candidates:))
        }
    }

    /// The probabilities of request `index`: the user's state once, the candidates on all threads.
    func score(_ index: Int) throws -> [Float] {
        guard threads > 1 else { return try score(index, part: 0, of: state(index)) }
        let state = try state(index)
        let parts = parts[index]
        DispatchQueue.concurrentPerform(iterations: parts.count) { part in
            results.set(part, Result { try score(index, part: part, of: state) })
        }
        return try parts.indices.flatMap { try results.get($0) }
    }

    private func state(_ index: Int) throws -> UserState {
        let history = try model.resolve(history: inputs[index].history)
        return results.workspace(0) { model.userState(of: history, in: states, &$0).state }
    }

    private func score(_ index: Int, part: Int, of state: UserState) throws -> [Float] {
        let input = try model.resolve(parts[index][part])
        return try results.workspace(part) { try model.score(input, of: state, &$0).probabilities }
    }
}

/// One workspace and one result a thread.
private final class Results: @unchecked Sendable {
    // @unchecked because every thread has an element of its own.
    private final class Slot {
        var workspace = Workspace()
        var result: Result<[Float], any Error> = .success([])
    }

    private let slots: [Slot]

    init(count: Int) { slots = (0..<count).map { _ in Slot() } }

    func workspace<T>(_ thread: Int, _ body: (inout Workspace) throws -> T) rethrows -> T {
        try body(&slots[thread].workspace)
    }

    func set(_ thread: Int, _ result: Result<[Float], any Error>) { slots[thread].result = result }

    func get(_ thread: Int) throws -> [Float] { try slots[thread].result.get() }
}
