public import DIEN
public import Tensors

/// A model in its training form: the forward pass with the losses, and the backward pass that fills the gradients.
///
/// The loss is the mean cross entropy of the clicks, in architecture `dien` plus `auxiliaryWeight` times the auxiliary
/// loss. The samples of a batch are split among threads; the bits of the results depend on their number alone. Not
/// thread-safe: one call at a time.
public final class Network {
    /// Sizes, preset and architecture.
    public let configuration: ModelConfiguration
    /// What is trained.
    public let parameters: Parameters
    /// Called with each batch before its rows are read: an optimiser moves those that it has left behind.
    var willRead: ((Batch) -> Void)?
    /// How many threads share a batch.
    public var threads: Int { parts.count }
    private let kernels: Kernels
    private let parts: [NetworkPart]
    private let head: HeadLayers
    private let wide: WideLayer?
    private var inputs = Matrix.empty  // [B, headInputSize]
    private var toInputs = Matrix.empty

    /// The layers of a configuration with the tensors of `file`; `auxiliary.*` has to be there in architecture
    /// `dien`, preset reference.
    public convenience init(
        _ file: SafetensorsFile, _ configuration: ModelConfiguration, threads: Int = 1,
        kernels: Kernels = .automatic
    ) throws(TrainingError) {
        try self.init(from: FileSource(file: file), configuration, threads: threads, kernels: kernels)
    }

    init(
        from source: any ParameterSource, _ configuration: ModelConfiguration, threads: Int, kernels: Kernels
    ) throws(TrainingError) {
        precondition(threads > 0, "no thread to train on")
        let parameters = Parameters(source, workers: threads)
        var tables: [String: EmbeddingTable] = [:]
        for table in configuration.tables {
            tables[table.name] = try parameters.table(
                table.name, rows: table.rows, size: configuration.embeddingSize)
        }
        var parts: [NetworkPart] = []
        for index in 0..<threads {
            let worker = Worker(kernels: kernels, index: index)
            parts.append(try NetworkPart(parameters, worker, configuration, tables: tables))
        }
        self.parts = parts
        let first = Worker(kernels: kernels.on(threads), index: 0)
        head = try HeadLayers(parameters, first, configuration)
        wide =
            configuration.architecture == .wideDeep
            ? try WideLayer(
                parameters, first,
                start: (configuration.profile.count + configuration.context.count)
                    * configuration.embeddingSize, width: configuration.itemSize) : nil
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
        parameters.prepare(kernels)
        forward(batch, .training)
        let target = TargetLoss(head.logits, batch.labels)
        head.backward(target.gradient, inputs: inputs)
        toInputs.resize(rows: inputs.rows, columns: inputs.columns)
        kernels.copy(head.toInput, into: &toInputs)
        wide?.backward(target.gradient, toInputs: &toInputs)

        let pairs = max(batch.layout.pairs, 1)
        Workers.perform(parts.count) { index in
            let part = parts[index]
            part.toInputs.resize(rows: part.inputs.rows, columns: toInputs.columns)
            for row in 0..<part.inputs.rows {
                let sample = Batch.sample(row, ofPart: index, of: parts.count)
                part.toInputs.copyRow(sample, of: toInputs, toRow: row, column: 0)
            }
            part.backward(auxiliaryFactor: auxiliaryWeight / Float(pairs))
        }
        Workers.perform(parts.count) { index in
            for part in parts { part.addEmbeddingGradients(Worker(kernels: kernels, index: index)) }
        }
        parameters.collect(kernels)
        let auxiliary = parts.reduce(0) { $0 + $1.auxiliaryLoss } / Double(pairs)
        return Losses(target: target.loss, auxiliary: auxiliary, logits: target.logits)
    }

    /// The logits z0 - z1 of each sample, in evaluation mode: with the stored ``Parameters/moments``.
    public func predict(_ batch: Batch) -> [Float] {
        willRead?(batch)
        parameters.prepare(kernels)
        forward(batch, .evaluation)
        return TargetLoss.differences(head.logits)
    }

    /// → the head's logits. The head sees the whole batch, whose moments it takes.
    private func forward(_ batch: Batch, _ mode: Mode) {
        Workers.perform(parts.count) { index in
            parts[index].forward(batch.part(index, of: parts.count))
        }
        inputs.resize(rows: batch.labels.count, columns: configuration.headInputSize)
        for (index, part) in parts.enumerated() {
            for row in 0..<part.inputs.rows {
                let sample = Batch.sample(row, ofPart: index, of: parts.count)
                inputs.copyRow(row, of: part.inputs, toRow: sample, column: 0)
            }
        }
        head.forward(inputs, mode)
        wide?.add(to: &head.logits, inputs: inputs)
    }
}
