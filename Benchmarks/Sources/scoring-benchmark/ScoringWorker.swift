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
    @Option(help: "fp32 or bf16.") var precision = "fp32"
    @Flag(help: "Keep the states of users from one call to the next.") var states = false

    func run() throws {
        guard let set = InstructionSet(rawValue: kernels) else {
            throw ValidationError("no kernels '\(kernels)'")
        }
        guard let bits = Precision(rawValue: precision) else {
            throw ValidationError("no precision '\(precision)'")
        }
        let network = try Model(
            files: ModelFolder(path: model), kernels: Kernels.select(set), precision: bits)
        _ = try network.verifyGolden()
        answer("\"engine\": \"dien \(network.kernels.name)\"")
        var scorer = Scorer(model: network, inputs: [], threads: 1, keepsStates: false)
        while let line = readLine() {
            let command = try JSONValue(parsing: Array(line.utf8))
            if let path = command["prepare"]?.text {
                let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
                scorer = Scorer(
                    model: network,
                    inputs: try lines.map { try RankingInput(JSONValue(parsing: Array($0.utf8))) },
                    threads: Int(command["threads"]?.unsignedInteger ?? 1), keepsStates: states)
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
