import ArgumentParser
import DIEN
import Foundation
import Measuring
import Tensors

/// One model that scores what it is told to: what a program that compares engines drives.
///
/// Commands and answers are one JSON line each, the same for every engine (Benchmarks/README.md, "Workers"):
/// `{"prepare": FILE, "threads": 1}` reads requests and answers with their probabilities, `{"measure": SECONDS}` times
/// them in turn and answers with the median of single calls.
struct ScoringWorker: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Scores and times what commands on standard input say.")

    @Option(help: "The model folder.") var model: String
    @Option(help: "automatic, or one instruction set.") var kernels = "automatic"

    func run() throws {
        guard let set = InstructionSet(rawValue: kernels) else { throw ValidationError("no kernels '\(kernels)'") }
        let network = try Model(files: ModelFolder(path: model), kernels: Kernels.select(set))
        _ = try network.verifyGolden()
        answer("\"engine\": \"dien \(network.kernels.name)\"")
        var scorer = Scorer(model: network, inputs: [], threads: 1)
        while let line = readLine() {
            let command = try JSONValue(parsing: Array(line.utf8))
            if let path = command["prepare"]?.text {
                scorer.threads = command["threads"]?.unsignedInteger.map { Int($0) } ?? 1
                scorer.inputs = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
                    try RankingInput(JSONValue(parsing: Array($0.utf8)))
                }
                answer("\"probabilities\": \(try scorer.inputs.indices.map { try scorer.score($0) })")
            } else if let seconds = command["measure"]?.double {
                var calls = 0
                let timing = try Stopwatch.measure(seconds: seconds, atLeast: 3) {
                    _ = try scorer.score(calls % scorer.inputs.count)
                    calls += 1
                }
                answer("\"median_ms\": \(timing.median), \"runs\": \(timing.milliseconds.count)")
            } else {
                throw ValidationError("no command: \(line)")
            }
        }
    }

    private func answer(_ fields: String) {
        print("{\(fields)}")
        fflush(nil)
    }
}

/// A model, and requests to score with it on a number of threads.
struct Scorer {
    let model: Model
    var inputs: [RankingInput]
    var threads: Int

    /// The probabilities of request `index`. Of several threads each takes a part of the candidates.
    func score(_ index: Int) throws -> [Float] {
        let input = inputs[index]
        let count = input.candidates.first?.values.count ?? 0
        guard threads > 1, count > 1 else { return try model.score(input).probabilities }
        let parts = Parts(count: threads)
        DispatchQueue.concurrentPerform(iterations: threads) { part in
            let range = count * part / threads..<count * (part + 1) / threads
            parts[part] = Result { try model.score(input.with(candidates: range)).probabilities }
        }
        return try (0..<threads).flatMap { try parts[$0].get() }
    }
}

/// One result a thread.
private final class Parts: @unchecked Sendable {
    // @unchecked because every thread writes an element of its own.
    private let values: UnsafeMutableBufferPointer<Result<[Float], any Error>>

    init(count: Int) {
        values = .allocate(capacity: count)
        values.initialize(repeating: .success([]))
    }

    deinit {
        values.deinitialize()
        values.deallocate()
    }

    subscript(part: Int) -> Result<[Float], any Error> {
        get { values[part] }
        set { values[part] = newValue }
    }
}
