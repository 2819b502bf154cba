public import Tensors

/// Adam (arXiv 1412.6980) on all parameters of a network: the arithmetic of torch.optim.Adam, or with weight decay of
/// torch.optim.AdamW, on dense gradients.
///
/// A row of an embedding table without a gradient still moves, because of its moments. It does so when it is next read:
/// the network tells which rows a batch reads, and they are moved through the steps that they have missed. So a step
/// costs what its batch touches, however long the tables are, and gives what a step of every row would.
/// ``catchUp()`` moves all rows: before they are saved, and before anybody reads them past the network.
public final class Adam {
    /// The constants.
    public let options: AdamOptions
    /// The norm of the latest step's gradients, all of them together, before they were clipped.
    public private(set) var gradientNorm = 0.0
    let network: Network
    private let kernels: Kernels
    var dense: [DenseMoments]
    var tables: [TableMoments]
    var timeline: AdamTimeline
    /// Not Adam's own, but they move with its steps.
    var movingMoments: MovingMoments

    /// Moments of zero for every parameter of `network`, which from now on moves rows through this optimiser.
    public init(_ network: Network, _ options: AdamOptions = AdamOptions(), kernels: Kernels = .automatic) {
        self.network = network
        self.options = options
        self.kernels = kernels
        dense = network.parameters.dense.map(DenseMoments.init)
        tables = network.parameters.tables.map { TableMoments($0, threads: network.threads) }
        timeline = Self.timeline(options)
        movingMoments = MovingMoments(network.parameters.moments)
        network.willRead = { [weak self] in self?.catchUp($0) }
    }

    /// Steps so far.
    public var steps: Int { timeline.count }

    /// One step with the gradients that the network holds; the moments of evaluation follow those of its batch.
    public func step(learningRate: Float) {
        timeline.advance(learningRate: learningRate)
        gradientNorm = norm()
        let scale = clipping(gradientNorm)
        Workers.perform(network.threads) { worker in
            for index in stride(from: worker, to: dense.count, by: network.threads) {
                dense[index].step(timeline, scale: scale, kernels)
            }
        }
        for moments in tables { moments.step(timeline, scale: scale, kernels) }
        movingMoments.follow(network.parameters.moments)
    }

    /// Moves every row of every table through the steps that it has missed.
    public func catchUp() {
        for moments in tables { moments.catchUp(timeline, kernels) }
    }

    /// Moves the rows that a batch reads.
    func catchUp(_ batch: Batch) {
        guard timeline.count > 0 else { return }
        for features in [batch.profile, batch.context, batch.targets, batch.history, batch.negatives] {
            for feature in features {
                tables.first { $0.table.name == feature.table }?.catchUp(feature.rows, timeline, kernels)
            }
        }
    }

    static func timeline(_ options: AdamOptions) -> AdamTimeline {
        AdamTimeline(
            beta1: options.beta1, beta2: options.beta2, epsilon: options.epsilon, decay: options.weightDecay)
    }

    private func norm() -> Double {
        let parameters = network.parameters
        var squares = parameters.dense.reduce(0) { $0 + kernels.sumOfSquares($1.gradient) }
        for table in parameters.tables { squares += table.sums.sumOfSquares(kernels) }
        return squares.squareRoot()
    }

    /// As torch.nn.utils.clip_grad_norm_.
    private func clipping(_ norm: Double) -> Float {
        guard let limit = options.clipNorm else { return 1 }
        return Float(min(1, limit / (norm + 1e-6)))
    }
}
