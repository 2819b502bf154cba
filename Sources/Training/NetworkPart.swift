internal import DIEN
internal import Tensors

/// Everything of a network below the head, for one worker's samples: embeddings, interest, auxiliary loss.
final class NetworkPart {
    private let worker: Worker
    private let size: Int  // E
    private let tables: [String: EmbeddingTable]
    private let interest: InterestLayers
    private let auxiliary: AuxiliaryLoss?
    private let headInput: HeadInputLayer
    private var user = Matrix.empty  // [B, P]
    private var targets = Matrix.empty  // [B, D]
    private var behaviours = Matrix.empty  // [M, D]
    private var negatives = Matrix.empty  // [M, D]
    private var sums = Matrix.empty  // [B, D]
    private var vectors = Matrix.empty  // [B, interestSize]
    private var toBehaviours = Matrix.empty
    private var toNegatives = Matrix.empty
    private(set) var batch: Batch?
    /// Summed over the pairs.
    private(set) var auxiliaryLoss = 0.0
    /// Gradient of ``inputs``, given before a backward pass.
    var toInputs = Matrix.empty

    init(
        _ parameters: Parameters, _ worker: Worker, _ configuration: ModelConfiguration,
        tables: [String: EmbeddingTable]
    ) throws(TrainingError) {
        self.worker = worker
        self.tables = tables
        size = configuration.embeddingSize
        interest = try InterestLayers(parameters, worker, configuration)
        headInput = HeadInputLayer(hasProduct: configuration.architecture.hasProduct, worker)
        auxiliary =
            configuration.architecture == .dien
            ? try AuxiliaryLoss(parameters, worker, configuration) : nil
    }

    /// The head's inputs [B, headInputSize].
    var inputs: Matrix {
        _read { yield headInput.output }
    }

    func forward(_ batch: Batch) {
        self.batch = batch
        let (layout, samples) = (batch.layout, batch.labels.count)
        embed(batch.profile + batch.context, samples, into: &user)
        embed(batch.targets, samples, into: &targets)
        embed(batch.history, layout.rows, into: &behaviours)
        sums.clear(rows: samples, columns: behaviours.columns)
        worker.kernels.addPackedSum(of: behaviours, weights: .empty, into: &sums, layout.packing)
        interest.forward(behaviours, targets: targets, into: &vectors, layout, worker.kernels)
        headInput.forward(user: user, targets: targets, sums: sums, interests: vectors)
    }

    /// From ``toInputs`` to the gradients of the parameters; `auxiliaryFactor` is what the loss of a pair counts.
    func backward(auxiliaryFactor: Float) {
        guard let batch else { return }
        let layout = batch.layout
        headInput.backward(toInputs, user: user.columns, targets: targets, sums: sums)
        toBehaviours.clear(rows: layout.rows, columns: behaviours.columns)
        worker.kernels.addPackedSpread(
            of: headInput.toSums, weights: .empty, into: &toBehaviours, layout.packing)
        auxiliaryLoss = 0
        if let extractor = interest.extractor {
            extractor.gradients.states.clear(
                rows: layout.rows, columns: extractor.activations.states.columns)
            auxiliaryPass(batch, extractor, auxiliaryFactor)
        }
        interest.backward(
            headInput.toInterests, behaviours: behaviours, targets: targets, toBehaviours: &toBehaviours,
            toTargets: &headInput.toTargets, layout)
    }

    /// After a backward pass: adds the gradients of those embeddings that are another worker's, or this one's.
    func addEmbeddingGradients(_ worker: Worker) {
        guard let batch else { return }
        add(batch.profile + batch.context, headInput.toUser, worker)
        add(batch.targets, headInput.toTargets, worker)
        add(batch.history, toBehaviours, worker)
        if auxiliary != nil { add(batch.negatives, toNegatives, worker) }
    }

    private func auxiliaryPass(_ batch: Batch, _ extractor: GRULayer, _ factor: Float) {
        guard let auxiliary, !batch.negatives.isEmpty else { return }
        embed(batch.negatives, batch.layout.rows, into: &negatives)
        toNegatives.clear(rows: negatives.rows, columns: negatives.columns)
        auxiliaryLoss = auxiliary.differentiate(
            previous: extractor.activations.previous, behaviours: behaviours, negatives: negatives,
            factor: factor, toStates: &extractor.gradients.states, toBehaviours: &toBehaviours,
            toNegatives: &toNegatives, batch.layout.packing)
    }

    /// One row an element, its features' embeddings side by side.
    private func embed(_ features: [FeatureRows], _ count: Int, into vectors: inout Matrix) {
        vectors.resize(rows: count, columns: features.count * size)
        for (position, feature) in features.enumerated() {
            table(feature).forward(feature.rows, into: &vectors, column: position * size, worker)
        }
    }

    private func add(_ features: [FeatureRows], _ gradient: borrowing Matrix, _ worker: Worker) {
        for (position, feature) in features.enumerated() {
            table(feature).backward(feature.rows, gradient, column: position * size, worker)
        }
    }

    private func table(_ feature: FeatureRows) -> EmbeddingTable {
        guard let table = tables[feature.table] else { preconditionFailure("no table of the configuration") }
        return table
    }
}
