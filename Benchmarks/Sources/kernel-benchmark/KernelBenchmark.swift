import ArgumentParser
import Measuring
import Tensors

/// Times each kernel of the forward pass alone, at the shapes of a model, for every instruction set of this machine.
@main
struct KernelBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Times the kernels of the forward pass on this thread; prints one JSON line a kernel.",
        discussion: "EXAMPLE  kernel-benchmark --size 36 --history 100 --candidates 100")

    @Option(help: "Width of behaviours and states, D and H.") var size = 36
    @Option(help: "Steps of the history, T.") var history = 100
    @Option(help: "Candidates, N.") var candidates = 100
    @Option(help: "Time of each measurement, in seconds.") var seconds = 0.1
    @Option(help: "One instruction set; all of this machine without it.") var kernels: String?

    func run() throws {
        let shape = ModelShape(size: size, steps: history, candidates: candidates)
        for set in Kernels.available where kernels == nil || set.name == kernels {
            for work in KernelWork.all(shape, set) {
                let timing = Stopwatch.measure(seconds: seconds, atLeast: 5, work.run)
                print(
                    """
                    {"kernels": "\(set.name)", "size": \(size), "kernel": "\(work.name)", \
                    "shape": "\(work.shape)", "milliseconds": \(timing.median), \
                    "flop": \(work.flop), "transcendentals": \(work.transcendentals)}
                    """)
            }
        }
    }
}
