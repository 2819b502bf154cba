import ArgumentParser
import DIEN
import Foundation
import Tensors
import Training

/// Times training steps of DIEN with the auxiliary loss on made-up samples: forward, backward and optimiser.
@main
struct TrainingBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Times training steps on made-up samples; prints one JSON line.",
        discussion: "EXAMPLE  training-benchmark --preset reference --threads 2")

    @Option(help: "paper or reference.") var preset = "reference"
    @Option(help: "Threads.") var threads = 2
    @Option(help: "Samples of a batch.") var batch = 128
    @Option(help: "Lengths of the samples' histories, one a line; the default is a few of its own.")
    var lengths: String?
    @Option(help: "Rows of the item table.") var items = 367_983
    @Option(help: "Rows of the user table.") var users = 603_668
    @Option(help: "How long to measure, in seconds.") var seconds = 5.0
    @Option(help: "automatic, scalar, avx2 or avx512.") var kernels = "automatic"
    @Flag(
        help:
            "Compare with one thread: both train in turn, a few steps each, so that drift of the machine falls out."
    )
    var scaling = false

    func run() throws {
        if scaling { try measureScaling() } else { try measureRate() }
    }

    private func measureRate() throws {
        guard let set = InstructionSet(rawValue: kernels) else {
            throw ValidationError("no kernels '\(kernels)'")
        }
        let sizes = Sizes(preset: preset, items: items, users: users)
        let network = try sizes.network(threads: threads, kernels: Kernels.select(set))
        var samples = Samples(sizes)
        let batches = try historyLengths().chunks(of: batch).map { samples.batch(lengths: $0) }

        let clock = ContinuousClock()
        var (trained, first, last) = (0, 0.0, 0.0)
        let adam = Adam(network, kernels: try Kernels.select(set))
        for batch in batches.prefix(4) {
            first = network.differentiate(batch).target
            adam.step(learningRate: 1e-3)
        }
        let start = clock.now
        while clock.now - start < .seconds(seconds) {
            for batch in batches {
                last = network.differentiate(batch).target
                adam.step(learningRate: 1e-3)
                trained += batch.labels.count
            }
        }
        let taken = clock.now - start
        let elapsed = Double(taken.components.seconds) + Double(taken.components.attoseconds) / 1e18
        print(
            """
            {"engine": "dien", "preset": "\(preset)", "threads": \(threads), "batch": \(batch), \
            "items": \(items), "samples_per_second": \(Int(Double(trained) / elapsed)), "samples": \(trained), \
            "peak_bytes": \(peakBytes()), "parameter_bytes": \(4 * sizes.parameters), \
            "first_loss": \(first), "last_loss": \(last)}
            """)
    }

    func historyLengths() throws -> [Int] {
        guard let lengths else { return Samples.lengths(20 * batch) }
        return try String(contentsOfFile: lengths, encoding: .utf8).split(separator: "\n").compactMap {
            Int($0)
        }
    }

    /// The most memory that the process has had, files that it maps included.
    private func peakBytes() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return (Int(line.filter(\.isNumber)) ?? 0) * 1024
    }
}

extension Array {
    func chunks(of size: Int) -> [[Element]] {
        stride(from: 0, to: count - count % size, by: size).map { Array(self[$0..<$0 + size]) }
    }
}
