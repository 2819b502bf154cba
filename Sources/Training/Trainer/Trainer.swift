internal import DIEN
public import Datasets
public import Experiment
internal import Files
internal import FoundationEssentials
internal import Tensors

/// Trains a network on a prepared data set: epochs of batches, evaluations on a split of users that training never sees,
/// the best parameters kept, checkpoints from which a killed training goes on as if nothing had been.
///
/// The same data, options and network give the same bits. Owned by one thread.
public final class Trainer {
    /// How it trains.
    public let options: TrainerOptions
    /// What it trains.
    public let network: Network
    /// Where it stands.
    public private(set) var state: TrainerState
    /// What the logits were calibrated by at the end; nil where they were not to be.
    public private(set) var scaling: PlattScaling?
    private let dataset: Dataset
    private let adam: Adam
    private let source: BatchSource
    private let selection: EvaluationSource
    private let checkpoints: CheckpointFolder?
    private let identity: TrainingIdentity
    private var plan: (epoch: Int, batches: [[Int]]) = (-1, [])
    private var clock = TrainingClock()

    /// A training that has not begun. Without `checkpoints` nothing is saved, and the parameters at the end are the last
    /// ones rather than the best.
    /// - Throws: `noSamples` where the training or the selection split is empty.
    public init(
        _ network: Network, on dataset: Dataset, _ options: TrainerOptions, checkpoints: CheckpointFolder?
    ) throws(TrainingError) {
        guard dataset.samples(.train).count > 0 else { throw .noSamples(split: .train) }
        self.network = network
        self.dataset = dataset
        self.options = options
        self.checkpoints = checkpoints
        let hasAuxiliary = network.configuration.architecture == .dien && options.auxiliaryWeight != 0
        source = BatchSource(
            dataset.samples(.train), network.configuration, maxHistory: options.maxHistory,
            negatives: hasAuxiliary
                ? NegativeSampler(events: dataset.negatives.map { $0.elements() }, seed: options.seed) : nil)
        selection = try EvaluationSource(
            dataset, options.selectionSplit, network.configuration, maxHistory: options.maxHistory)
        identity = TrainingIdentity(options, network.configuration, dataset.description)
        adam = Adam(network, options.adam)
        state = TrainerState(stopping: EarlyStopping(metric: options.metric, patience: options.patience))
    }

    /// Samples of all epochs that may come.
    public var totalSamples: Int { options.epochs * source.lengths.count }

    /// Passes over the training split so far.
    private var epochs: Double { Double(state.samples) / Double(source.lengths.count) }

    /// Takes the latest checkpoint up; false where there is none.
    ///
    /// - Throws: `differentTraining` where it is of other options, another model or other data.
    public func resume() throws(TrainingError) -> Bool {
        guard let checkpoints, checkpoints.isPresent else { return false }
        let facts = try adam.restore(from: checkpoints.latest)
        try identity.check(facts, path: checkpoints.latest)
        guard let text = facts["state"],
            let state = try? JSONDecoder().decode(TrainerState.self, from: Data(text.utf8))
        else { throw .unusableCheckpoint(path: checkpoints.latest, reason: "it says not where it stands") }
        self.state = state
        return true
    }

    /// Trains to the end or until `isStopping`, which is asked before each step; then a checkpoint is written.
    ///
    /// At the end the network has the best parameters, caught up and calibrated, to be evaluated and saved.
    /// - Returns: whether it came to the end.
    /// - Throws: `uncalibratable` where the best logits do not rise with the clicks.
    public func run(
        isStopping: () -> Bool = { false }, observe: (TrainingEvent) -> Void = { _ in }
    ) throws(TrainingError) -> Bool {
        clock.start()
        while state.epoch < options.epochs, !state.stopping.isOver {
            preparePlan()
            while state.batch < plan.batches.count, !state.stopping.isOver {
                if isStopping() {
                    try save()
                    return false
                }
                try step(observe)
                try pause(observe)
            }
            if state.batch >= plan.batches.count {
                state.epoch += 1
                state.batch = 0
                try save()
            }
        }
        if let checkpoints, let best = state.bestStep { try adam.restore(from: checkpoints.best(step: best)) }
        adam.catchUp()
        if options.calibration == .platt { try calibrate() }
        return true
    }

    /// Fits the logits to the clicks of the selection split, in the last layers.
    private func calibrate() throws(TrainingError) {
        let scaling = try selection.scaling(of: network)
        guard scaling.slope > 0 else { throw .uncalibratable(slope: scaling.slope) }
        network.calibrate(by: scaling)
        self.scaling = scaling
    }

    /// The metrics of the network as it is now on a split.
    public func evaluate(_ split: DatasetSplit) throws(TrainingError) -> Evaluation {
        let source = try EvaluationSource(
            dataset, split, network.configuration, maxHistory: options.maxHistory)
        return try source.evaluate(network)
    }

    private func preparePlan() {
        guard plan.epoch != state.epoch else { return }
        let new = BatchPlan(
            lengths: source.lengths, batchSize: options.batchSize, window: options.bucketWindow,
            seed: options.seed, epoch: state.epoch)
        plan = (state.epoch, new.batches)
    }

    /// One batch: losses, gradients, a step of the optimiser. What is not finite is not stepped.
    private func step(_ observe: (TrainingEvent) -> Void) throws(TrainingError) {
        let indices = plan.batches[state.batch]
        let batch = source.batch(indices, epoch: state.epoch, number: state.batch)
        let losses = network.differentiate(
            batch, auxiliaryWeight: options.auxiliaryWeight(of: batch.layout))
        if !losses.target.isFinite { throw failure("target loss", indices, batch, losses) }
        if !losses.auxiliary.isFinite { throw failure("auxiliary loss", indices, batch, losses) }
        let rate = options.schedule.rate(step: state.step, epoch: state.epoch)
        adam.step(learningRate: rate)
        if !adam.gradientNorm.isFinite { throw failure("gradient", indices, batch, losses) }
        state.step += 1
        state.batch += 1
        state.samples += indices.count
        state.recent.add(target: losses.target, auxiliary: losses.auxiliary)
        clock.train(indices.count)
        observe(.step(samples: state.samples, total: totalSamples))
        guard state.step % options.progressInterval == 0 || state.batch == plan.batches.count else { return }
        observe(
            .progress(
                TrainingProgress(
                    step: state.step, epochs: epochs, targetLoss: state.recent.target,
                    auxiliaryLoss: state.recent.auxiliary, learningRate: rate,
                    gradientNorm: adam.gradientNorm, samplesPerSecond: clock.rate())))
        state.recent = LossAverage()
    }

    private func failure(
        _ quantity: String, _ indices: [Int], _ batch: Batch, _ losses: Network.Losses
    ) -> TrainingError {
        let place = (step: state.step + 1, epoch: state.epoch + 1, batch: state.batch + 1)
        let failed = FailedBatch(
            quantity: quantity, step: place.step, epoch: place.epoch, batch: place.batch, samples: indices,
            negatives: batch.negatives.map(\.rows), logits: losses.logits, targetLoss: losses.target,
            auxiliaryLoss: losses.auxiliary, gradientNorm: adam.gradientNorm)
        return .notFinite(
            quantity: quantity, step: place.step, epoch: place.epoch, batch: place.batch,
            saved: checkpoints?.keep(failed))
    }

    /// What is due between two steps: an evaluation at its interval and at the end of an epoch, a checkpoint at its own.
    private func pause(_ observe: (TrainingEvent) -> Void) throws(TrainingError) {
        let isDue = { (interval: Int?) in interval.map { self.state.step % $0 == 0 } ?? false }
        if state.batch == plan.batches.count || isDue(options.evaluationInterval) {
            try judge(observe)
        } else if isDue(options.checkpointInterval) {
            try save()
        }
    }

    private func judge(_ observe: (TrainingEvent) -> Void) throws(TrainingError) {
        clock.pause()
        let metrics = EvaluationMetrics(try selection.evaluate(network))
        let point = EvaluationPoint(step: state.step, epochs: epochs, metrics: metrics)
        state.evaluations.append(point)
        let isBest = state.stopping.record(metrics.value(of: options.metric))
        if isBest { state.bestStep = state.step }
        observe(.evaluated(point, isBest: isBest))
        if isBest, let checkpoints {
            try checkpoints.create()
            try adam.save(to: checkpoints.best(step: state.step))
        }
        // At the end of an epoch it is written once the next one is counted.
        if state.batch < plan.batches.count || state.stopping.isOver { try save() }
        clock.start()
    }

    /// Writes the latest checkpoint, and removes what it no longer needs.
    private func save() throws(TrainingError) {
        guard let checkpoints else { return }
        clock.pause()
        defer { clock.start() }
        state.seconds += clock.takeElapsed()
        var facts = identity.facts
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        if let data = try? encoder.encode(state) { facts["state"] = String(decoding: data, as: UTF8.self) }
        try checkpoints.create()
        try adam.save(to: checkpoints.latest, facts: facts)
        try checkpoints.removeBest(except: state.bestStep)
    }
}

/// Seconds of a training: those of steps alone, for a rate, and all of them.
private struct TrainingClock {
    private var since: UInt64?
    private var training: UInt64 = 0
    private var samples = 0
    private var began = MonotonicClock.nanoseconds()

    mutating func start() { since = since ?? MonotonicClock.nanoseconds() }

    mutating func pause() {
        guard let since else { return }
        training += MonotonicClock.nanoseconds() - since
        self.since = nil
    }

    mutating func train(_ count: Int) { samples += count }

    /// Samples a second since the last call.
    mutating func rate() -> Double {
        let wasRunning = since != nil
        pause()
        defer {
            (training, samples) = (0, 0)
            if wasRunning { start() }
        }
        return training == 0 ? 0 : Double(samples) / (Double(training) / 1e9)
    }

    /// Seconds since it was made, or since the last call.
    mutating func takeElapsed() -> Double {
        let now = MonotonicClock.nanoseconds()
        defer { began = now }
        return Double(now - began) / 1e9
    }
}
