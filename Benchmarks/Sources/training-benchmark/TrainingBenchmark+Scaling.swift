import ArgumentParser
import Tensors
import Training

extension TrainingBenchmark {
    /// Prints the median, over turns, of how many times faster `threads` threads are than one.
    func measureScaling() throws {
        guard let set = InstructionSet(rawValue: kernels) else {
            throw ValidationError("no kernels '\(kernels)'")
        }
        let sizes = Sizes(preset: preset, items: items, users: users)
        var samples = Samples(sizes)
        let batches = try historyLengths().chunks(of: batch).map { samples.batch(lengths: $0) }
        let kernels = try Kernels.select(set)
        let trained = try [1, threads].map { count in
            let network = try sizes.network(threads: count, kernels: kernels)
            return (network: network, adam: Adam(network, kernels: kernels))
        }
        let clock = ContinuousClock()
        func time(_ index: Int, _ batches: ArraySlice<Batch>) -> Duration {
            clock.measure {
                for batch in batches {
                    _ = trained[index].network.differentiate(batch)
                    trained[index].adam.step(learningRate: 1e-3)
                }
            }
        }
        for index in trained.indices { _ = time(index, batches[...]) }
        var ratios: [Double] = []
        let start = clock.now
        while clock.now - start < .seconds(seconds) {
            for turn in stride(from: 0, to: batches.count - 3, by: 4) {
                let part = batches[turn..<turn + 4]
                // Who goes first alternates too.
                let times =
                    ratios.count.isMultiple(of: 2)
                    ? (time(0, part), time(1, part))
                    : {
                        let b = time(1, part); return (time(0, part), b)
                    }()
                ratios.append(times.0 / times.1)
            }
        }
        ratios.sort()
        print(
            """
            {"engine": "dien", "preset": "\(preset)", "threads": \(threads), "batch": \(batch), \
            "turns": \(ratios.count), "ratio": \(ratios[ratios.count / 2]), \
            "lower_quartile": \(ratios[ratios.count / 4]), "upper_quartile": \(ratios[ratios.count * 3 / 4])}
            """)
    }
}
