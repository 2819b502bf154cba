public import Tensors

/// Means and variances of the channels that a layer normalises by, [1, channels] each: those of the last training batch,
/// and the stored ones of evaluation, which whoever trains keeps up to date.
public final class ChannelMoments {
    /// The layer's name in a file: the stored ones are `<name>.moving_mean` and `<name>.moving_variance`.
    public let name: String
    /// Of the last batch that was differentiated.
    public internal(set) var batchMean, batchVariance: Matrix
    /// Stored.
    public var mean, variance: Matrix
    /// Whether the stored ones were there from the start.
    var isStored = false

    init(name: String, channels: Int) {
        self.name = name
        batchMean = Matrix(rows: 1, columns: channels)
        batchVariance = Matrix(rows: 1, columns: channels)
        mean = Matrix(rows: 1, columns: channels)
        variance = Matrix(rows: 1, columns: channels)
        for channel in 0..<channels { variance[0, channel] = 1 }
    }
}
