/// Where a training stands, apart from its parameters: what is next, and what was seen so far.
public struct TrainerState: Sendable, Equatable, Codable {
    /// The epoch that is under way, from 0.
    public internal(set) var epoch = 0
    /// The next batch of its plan.
    public internal(set) var batch = 0
    /// Optimiser steps that are done.
    public internal(set) var step = 0
    /// Samples that were trained on, each as often as it was.
    public internal(set) var samples = 0
    /// Seconds of training, evaluation and waiting so far, in all processes that took part.
    public internal(set) var seconds = 0.0
    /// What evaluations said, and whether to end.
    public internal(set) var stopping: EarlyStopping
    /// The step whose parameters were the best, once there was an evaluation.
    public internal(set) var bestStep: Int?
    /// Evaluations on the selection split, the first one first.
    public internal(set) var evaluations: [EvaluationPoint] = []
    /// Losses since the last report of progress.
    var recent = LossAverage()

    init(stopping: EarlyStopping) { self.stopping = stopping }

    /// The evaluation whose parameters are kept.
    public var best: EvaluationPoint? { evaluations.last { $0.step == bestStep } }
}

/// One evaluation in the course of a training.
public struct EvaluationPoint: Sendable, Equatable, Codable {
    /// Optimiser steps before it.
    public let step: Int
    /// Passes over the training split before it, the last one perhaps in part.
    public let epochs: Double
    /// What it said.
    public let metrics: EvaluationMetrics
}

/// A mean of losses over steps.
struct LossAverage: Sendable, Equatable, Codable {
    private var targets = 0.0
    private var auxiliaries = 0.0
    private(set) var steps = 0

    mutating func add(target: Double, auxiliary: Double) {
        targets += target
        auxiliaries += auxiliary
        steps += 1
    }

    var target: Double { steps == 0 ? 0 : targets / Double(steps) }
    var auxiliary: Double { steps == 0 ? 0 : auxiliaries / Double(steps) }
}
