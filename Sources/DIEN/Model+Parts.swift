internal import Tensors

extension Model {
    /// What a part may take, in multiplications: some milliseconds' work.
    private static let partProducts = 200_000_000

    /// Candidates of a part that is done whole once it is begun: half of what goes through an attention GRU together; fewer
    /// where the network is so large, or the history so long, that these would take long.
    ///
    /// - Parameter steps: behaviours of the longest history.
    public func partCandidates(steps: Int) -> Int {
        let products = max(1, configuration.stepProducts * max(steps, 1))
        return max(1, min(Kernels.candidateRows / 2, Self.partProducts / products))
    }
}

extension ModelConfiguration {
    /// Multiplications of a candidate with one behaviour: its attention, and a step of the evolution.
    var stepProducts: Int {
        let (d, h) = (itemSize, hiddenSize)
        var products = architecture.isRecurrent ? 6 * h * h : d
        if let first = attentionHidden.first, let second = attentionHidden.last {
            products += first * 4 * max(d, h) + second * first
        }
        return products
    }
}
