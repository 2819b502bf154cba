internal import Tensors

/// The moments that evaluation and serving take in place of a batch's, for the layers of Dice.
///
/// After the n-th step they are the mean of the batches' moments so far, and from the hundredth on an exponentially
/// moving one: moving += max(1 / n, 1 / 100) (batch - moving). So the first batches are not diluted by a made-up start.
/// The authors' program has none: it takes the moments of whatever batch it scores.
struct MovingMoments {
    /// Batches that they are made of.
    private(set) var batches: Int
    private static let window = 100

    /// Those of a network: stored ones that it was built from count as much as a full window.
    init(_ moments: [ChannelMoments]) {
        batches = moments.contains { $0.isStored } ? Self.window : 0
    }

    init(batches: Int) { self.batches = batches }

    /// Takes in the batch that was differentiated last.
    mutating func follow(_ moments: [ChannelMoments]) {
        batches += 1
        let share = 1 / Float(min(batches, Self.window))
        for layer in moments {
            for channel in 0..<layer.mean.columns {
                layer.mean[0, channel] += share * (layer.batchMean[0, channel] - layer.mean[0, channel])
                layer.variance[0, channel] +=
                    share * (layer.batchVariance[0, channel] - layer.variance[0, channel])
            }
        }
    }
}
