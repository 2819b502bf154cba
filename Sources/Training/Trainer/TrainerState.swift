/// Where a training stands, apart from its parameters: what is next, and what was seen so far.
public struct TrainerState: Sendable, Equatable, Codable {
    /// The epoch that is under way, from 0.
    public internal(set) var epoch = 0
    /// The next batch of its plan.
    public internal(set) var batch = 0
    /// Optimiser steps that are done.
    public internal(set) var step = 0
    /// Samples that were trained on.
    public internal(set) var samples = 0
    /// Seconds of training and evaluation so far, in all processes that took part.
    public internal(set) var seconds = 0.0
    /// What evaluations said, and whether to end.
    public internal(set) var stopping: EarlyStopping
    /// The step whose parameters were the best, once there was an evaluation.
    public internal(set) var bestStep: Int?
    /// Losses since the last line of the log.
    var recent = LossAverage()
    /// Evaluations, the first one first.
    public internal(set) var evaluations: [Evaluation] = []

    init(stopping: EarlyStopping) { self.stopping = stopping }

    /// One evaluation on the selection split.
    public struct Evaluation: Sendable, Equatable, Codable {
        /// Optimiser steps before it.
        public let step: Int
        /// Epochs that were begun before it.
        public let epoch: Int
        /// What it said.
        public let metrics: EvaluationMetrics
    }
}

/// A mean of losses over steps.
struct LossAverage: Sendable, Equatable, Codable {
    private var targets = 0.0
    private var auxiliaries = 0.0
    private(set) var steps = 0

    mutating func add(_ losses: Network.Losses) {
        targets += losses.target
        auxiliaries += losses.auxiliary
        steps += 1
    }

    var target: Double { steps == 0 ? 0 : targets / Double(steps) }
    var auxiliary: Double { steps == 0 ? 0 : auxiliaries / Double(steps) }
}
