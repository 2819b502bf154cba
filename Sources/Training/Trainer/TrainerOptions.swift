public import Datasets

/// How a network is trained: everything that decides the numbers that come out.
public struct TrainerOptions: Sendable, Equatable {
    /// Samples a batch.
    public var batchSize = 128
    /// Passes over the training split, at most.
    public var epochs = 10
    /// Decides the order of samples and the negatives.
    public var seed: UInt64 = 1
    /// Behaviours of a history that are used, the newest ones.
    public var maxHistory = 100
    /// Batches whose samples are sorted by length together; 1: a plain shuffle.
    public var bucketWindow = 20
    /// α in loss = target loss + α · auxiliary loss.
    public var auxiliaryWeight: Float = 1
    /// Threads of a step. Another number gives other last bits.
    public var threads = 1
    /// The split that evaluations judge, on which the training stops and picks its best parameters.
    public var selectionSplit = DatasetSplit.validation
    /// What they are judged by.
    public var metric = SelectionMetric.auc
    /// Evaluations without improvement that end the training; nil: all epochs are run.
    public var patience: Int? = 2
    /// Steps from one evaluation to the next within an epoch; nil: at the end of each epoch alone. There is always one there.
    public var evaluationInterval: Int?

    /// The defaults.
    public init() {}
}
