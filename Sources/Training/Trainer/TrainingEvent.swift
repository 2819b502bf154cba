/// What a training tells while it runs.
public enum TrainingEvent: Sendable, Equatable {
    /// A step is done: `samples` of `total`, counted from the first epoch to the last that may come.
    case step(samples: Int, total: Int)
    /// Means since the last one of these.
    case progress(TrainingProgress)
    /// The selection split was evaluated.
    case evaluated(EvaluationPoint, isBest: Bool)
}

/// The course of a training over some steps.
public struct TrainingProgress: Sendable, Equatable, Codable {
    /// Optimiser steps so far.
    public let step: Int
    /// Passes over the training split so far, the last one perhaps in part.
    public let epochs: Double
    /// Mean cross entropy of the clicks over the latest steps.
    public let targetLoss: Double
    /// Mean auxiliary loss over the latest steps; 0 where the model has none.
    public let auxiliaryLoss: Double
    /// That of the latest step.
    public let learningRate: Float
    /// The norm of the latest step's gradients before clipping.
    public let gradientNorm: Double
    /// Samples a second over the latest steps; evaluations and checkpoints are not counted.
    public let samplesPerSecond: Double

    private enum CodingKeys: String, CodingKey {
        case step, epochs
        case targetLoss = "target_loss"
        case auxiliaryLoss = "auxiliary_loss"
        case learningRate = "learning_rate"
        case gradientNorm = "gradient_norm"
        case samplesPerSecond = "samples_per_second"
    }
}
