public import Datasets

/// How a network is trained: what decides the numbers that come out.
public struct TrainerOptions: Sendable, Equatable {
    /// What the auxiliary loss is a mean over.
    public enum AuxiliaryNormalisation: String, Sendable, CaseIterable {
        /// The pairs of behaviours that there are.
        case valid
        /// All B · (T - 1) places of a batch padded to its longest history T, as in the authors' program.
        case padded
    }

    /// How a trained network's probabilities are made to fit the clicks of the selection split.
    public enum Calibration: String, Sendable, CaseIterable {
        /// They stay what training made of them.
        case none
        /// By Platt's scaling of the logits, ``PlattScaling``.
        case platt
    }

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
    /// What the auxiliary loss is a mean over.
    public var auxiliaryNormalisation = AuxiliaryNormalisation.valid
    /// The optimiser's constants.
    public var adam = AdamOptions()
    /// The learning rate of each step; it begins with the optimiser's.
    public var schedule = LearningRateSchedule()
    /// Threads of a step. Another number gives other last bits.
    public var threads = 1
    /// The split that evaluations judge, on which the training stops and picks its best parameters.
    public var selectionSplit = DatasetSplit.validation
    /// What they are judged by.
    public var metric = SelectionMetric.auc
    /// What is done to the logits once the best parameters are found.
    public var calibration = Calibration.none
    /// Evaluations without improvement that end the training; nil: all epochs are run.
    public var patience: Int? = 2
    /// Steps from one evaluation to the next; nil: there is one at the end of each epoch alone, as there always is.
    public var evaluationInterval: Int?
    /// Steps from one checkpoint to the next, beside that of each evaluation; nil: none.
    public var checkpointInterval: Int? = 1000
    /// Steps from one report of progress to the next.
    public var progressInterval = 100

    /// The defaults.
    public init() {}

    /// The weight of a batch's auxiliary loss, which the network takes as the mean over the pairs that there are.
    func auxiliaryWeight(of layout: SequenceLayout) -> Float {
        guard auxiliaryNormalisation == .padded, let longest = layout.lengths.first, longest > 1 else {
            return auxiliaryWeight
        }
        let pairs = layout.rows - layout.counts[0]
        return auxiliaryWeight * Float(pairs) / Float(layout.lengths.count * (longest - 1))
    }
}
