public import DIEN
public import Tensors

/// A model in its training form: the forward pass with the losses, and the backward pass that fills the gradients.
///
/// The loss is the mean cross entropy of the clicks, in architecture `dien` plus `auxiliaryWeight` times the auxiliary
/// loss. Not thread-safe: one thread trains it.
public final class Network {
    /// Sizes, preset and architecture.
    public let configuration: ModelConfiguration
    /// What is trained.
    public let parameters: Parameters
    /// Called with each batch before its rows are read: an optimiser moves those that it has left behind.
    var willRead: ((Batch) -> Void)?
    private let kernels: Kernels
    private let tables: [String: EmbeddingTable]
    private let interest: InterestLayers
    private let head: HeadLayers
    private let headInput: HeadInputLayer
    private let wide: WideLayer?
    private let auxiliary: AuxiliaryLoss?

    /// The layers of a configuration with the tensors of `file`; `auxiliary.*` has to be there in architecture
    /// `dien`, preset reference.
    public init(
        _ file: SafetensorsFile, _ configuration: ModelConfiguration, kernels: Kernels = .automatic
    ) throws(TrainingError) {
        let parameters = Parameters(file)
        var tables: [String: EmbeddingTable] = [:]
        for table in configuration.tables {
            tables[table.name] = try parameters.table(
                table.name, rows: table.rows, size: configuration.embeddingSize)
        }
        self.tables = tables
        interest = try InterestLayers(parameters, configuration)
        headInput = HeadInputLayer(hasProduct: configuration.architecture.hasProduct)
        head = try HeadLayers(parameters, configuration)
        wide =
            configuration.architecture == .wideDeep
            ? WideLayer(
                dense: try DenseLayer(parameters, "wide", inputs: 3 * configuration.itemSize, outputs: 2))
            : nil
        auxiliary = configuration.architecture == .dien ? try AuxiliaryLoss(parameters, configuration) : nil
        self.configuration = configuration
        self.parameters = parameters
        self.kernels = kernels
    }

    /// The losses and the logits of a batch.
    public struct Losses: Sendable, Equatable {
        /// Mean cross entropy of the clicks.
        public let target: Double
        /// Mean over the valid pairs; 0 without them.
        public let auxiliary: Double
        /// z0 - z1 of each sample.
        public let logits: [Float]
    }

    /// One forward and one backward pass: clears the gradients of ``parameters``, then fills them with those of
    /// target loss + `auxiliaryWeight` · auxiliary loss.
    public func differentiate(_ batch: Batch, auxiliaryWeight: Float = 1) -> Losses {
        willRead?(batch)
        for parameter in parameters.dense { parameter.clearGradient() }
        for table in parameters.tables { table.clearGradient() }
        let layout = batch.layout
        let size = batch.labels.count
        let user = vectors(batch.profile + batch.context, count: size)  // [B, P]
        let targets = vectors(batch.targets, count: size)  // [B, D]
        let behaviours = vectors(batch.history, count: layout.rows)  // [M, D]
        let sums = HistorySum.forward(behaviours, layout)  // [B, D]
        let interest = interest.forward(behaviours, targets: targets, layout, kernels)
        let inputs = headInput.forward(
            user: user, targets: targets, sums: sums, interests: interest.vectors)
        let head = head.forward(inputs, kernels)
        var logits = head.sums.copy()  // [B, 2]
        wide?.add(to: &logits, targets: targets, sums: sums, kernels)
        let target = TargetLoss(logits, batch.labels)

        let toInputs = self.head.backward(target.gradient, head, inputs: inputs, kernels)
        var to = headInput.backward(toInputs, user: user.columns, targets: targets, sums: sums)
        wide?.backward(
            target.gradient, targets: targets, sums: sums, toTargets: &to.targets, toSums: &to.sums, kernels)
        var toBehaviours = Matrix(rows: layout.rows, columns: behaviours.columns)
        HistorySum.backward(to.sums, toBehaviours: &toBehaviours, layout)
        let interests = self.interest.interests(interest)
        var toInterests = Matrix(rows: interests.rows, columns: interests.columns)
        let auxiliaryLoss = auxiliaryPass(
            batch, auxiliaryWeight, interests, behaviours, toInterests: &toInterests,
            toBehaviours: &toBehaviours)
        self.interest.backward(
            to.interests, interests: toInterests, interest, behaviours: behaviours, targets: targets,
            toBehaviours: &toBehaviours, toTargets: &to.targets, layout, kernels)
        embeddingGradients(batch.profile + batch.context, to.user)
        embeddingGradients(batch.targets, to.targets)
        embeddingGradients(batch.history, toBehaviours)
        return Losses(target: target.loss, auxiliary: auxiliaryLoss, logits: target.logits)
    }

    /// The auxiliary loss, whose gradients it adds, those of the negatives' embeddings included.
    private func auxiliaryPass(
        _ batch: Batch, _ weight: Float, _ interests: borrowing Matrix, _ behaviours: borrowing Matrix,
        toInterests: inout Matrix, toBehaviours: inout Matrix
    ) -> Double {
        guard let auxiliary, !batch.negatives.isEmpty else { return 0 }
        let negatives = vectors(batch.negatives, count: batch.layout.rows)
        let pass = auxiliary.forward(
            interests: interests, behaviours: behaviours, negatives: negatives, batch.layout, kernels)
        var toNegatives = Matrix(rows: negatives.rows, columns: negatives.columns)
        auxiliary.backward(
            pass, weight: weight, interests: &toInterests, behaviours: &toBehaviours,
            negatives: &toNegatives, batch.layout, kernels)
        embeddingGradients(batch.negatives, toNegatives)
        return pass.loss
    }

    /// One row an element, its features' embeddings side by side.
    private func vectors(_ features: [FeatureRows], count: Int) -> Matrix {
        var vectors = Matrix(rows: count, columns: features.count * configuration.embeddingSize)
        for (position, feature) in features.enumerated() {
            table(feature).forward(
                feature.rows, into: &vectors, column: position * configuration.embeddingSize)
        }
        return vectors
    }

    private func embeddingGradients(_ features: [FeatureRows], _ gradient: borrowing Matrix) {
        for (position, feature) in features.enumerated() {
            table(feature).backward(
                feature.rows, gradient, column: position * configuration.embeddingSize)
        }
    }

    private func table(_ feature: FeatureRows) -> EmbeddingTable {
        guard let table = tables[feature.table] else { preconditionFailure("no table of the configuration") }
        return table
    }
}
