import ArgumentParser
import CPeaks
import Dispatch

/// What this machine can do at most, on one core and on several at once, as one JSON line for each number of threads.
@main
struct MachinePeaks: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures the peaks of this machine: fused multiply-adds, sigmoids and memory.",
        discussion: "EXAMPLE  machine-peaks --threads 1 --threads 2")

    @Option(help: "Threads that measure at once; may be given several times.") var threads: [Int] = [1]
    @Option(help: "Time of each measurement, in seconds.") var seconds = 0.1
    @Flag(help: "Leave memory out.") var withoutMemory = false

    func run() throws {
        for count in threads {
            guard count > 0 else { throw ValidationError("no thread to measure on") }
            let seconds = seconds
            func sum(_ peak: @escaping @Sendable () -> Double) -> Double {
                // The sum of what the threads do while the others do it too; the threads begin within microseconds.
                let rates = Rates(count: count)
                DispatchQueue.concurrentPerform(iterations: count) { rates[$0] = peak() }
                return rates.sum
            }
            var fields = ["\"threads\": \(count)"]
            for set in ["scalar", "avx2", "avx512", "neon", "bf16"] {
                let flops = sum { peak_flops(set, seconds) }
                if flops > 0 { fields.append("\"\(set)_gflops\": \(flops / 1e9)") }
            }
            fields.append("\"sigmoid_giga\": \(sum { peak_sigmoids(seconds) } / 1e9)")
            if !withoutMemory {
                fields.append("\"read_gbytes\": \(sum { peak_read_bytes(seconds) } / 1e9)")
                fields.append("\"triad_gbytes\": \(sum { peak_triad_bytes(seconds) } / 1e9)")
            }
            print("{\(fields.joined(separator: ", "))}")
        }
    }
}

/// One rate a thread.
final class Rates: @unchecked Sendable {
    // @unchecked because every thread writes an element of its own.
    private let values: UnsafeMutableBufferPointer<Double>

    init(count: Int) {
        values = .allocate(capacity: count)
        values.initialize(repeating: 0)
    }

    deinit { values.deallocate() }

    subscript(thread: Int) -> Double {
        get { values[thread] }
        set { values[thread] = newValue }
    }

    var sum: Double { values.reduce(0, +) }
}
