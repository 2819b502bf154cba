internal import Tensors

/// The parameters of a network, taken from a source as the layers are built.
///
/// Every worker builds layers of its own; who asks again for a parameter gets the one that is there.
public final class Parameters {
    private let source: any ParameterSource
    private let workers: Int
    /// Every parameter outside the embedding tables, in the order of the layers.
    public private(set) var dense: [Parameter] = []
    /// The embedding tables.
    public private(set) var tables: [EmbeddingTable] = []
    /// The moments of the layers that normalise by them.
    public private(set) var moments: [ChannelMoments] = []
    private var derived: [String: any DerivedWeights] = [:]
    private var order: [any DerivedWeights] = []
    /// The dense ones and those derived from them.
    private var all: [Parameter] = []

    init(_ source: any ParameterSource, workers: Int) {
        self.source = source
        self.workers = workers
    }

    /// The weight [inputs, outputs] of some outputs of a tensor [all outputs, inputs].
    func weight(
        _ name: String, inputs: Int, outputs: Range<Int>, of all: Int
    ) throws(TrainingError) -> Parameter {
        if let known = known(name, outputs) { return known }
        let values = try source.values(name, shape: [all, inputs])
        var value = Matrix(rows: inputs, columns: outputs.count)
        for (column, output) in outputs.enumerated() {
            for input in 0..<inputs { value[input, column] = values[output * inputs + input] }
        }
        return add(name, outputs, isVector: false, value)
    }

    /// The values [1, channels] of some channels of a tensor.
    func vector(_ name: String, _ channels: Range<Int>, of all: Int) throws(TrainingError) -> Parameter {
        if let known = known(name, channels) { return known }
        let values = try source.values(name, shape: [all])
        var value = Matrix(rows: 1, columns: channels.count)
        for (column, channel) in channels.enumerated() { value[0, column] = values[channel] }
        return add(name, channels, isVector: true, value)
    }

    /// The tensors `<name>.weight` [outputs, inputs] and `<name>.bias` [outputs].
    func layer(
        _ name: String, inputs: Int, outputs: Int
    ) throws(TrainingError) -> (weight: Parameter, bias: Parameter) {
        (
            try weight("\(name).weight", inputs: inputs, outputs: 0..<outputs, of: outputs),
            try vector("\(name).bias", 0..<outputs, of: outputs)
        )
    }

    /// An embedding table [rows, size].
    func table(_ name: String, rows: Int, size: Int) throws(TrainingError) -> EmbeddingTable {
        let value = try source.table(name, rows: rows, size: size)
        let table = EmbeddingTable(name: name, value: value, workers: workers)
        tables.append(table)
        return table
    }

    /// The moments `<name>.moving_mean` and `<name>.moving_variance`, or 0 and 1 where the source has none.
    func moments(_ name: String, channels: Int) throws(TrainingError) -> ChannelMoments {
        if let known = moments.first(where: { $0.name == name }) { return known }
        let result = ChannelMoments(name: name, channels: channels)
        if source.hasMoments(name) {
            result.isStored = true
            let mean = try source.values("\(name).moving_mean", shape: [channels])
            let variance = try source.values("\(name).moving_variance", shape: [channels])
            for channel in 0..<channels {
                result.mean[0, channel] = mean[channel]
                result.variance[0, channel] = variance[channel]
            }
        }
        moments.append(result)
        return result
    }

    /// The derived weights of that name, made when they are first asked for.
    func derived<Weights: DerivedWeights>(_ name: String, _ make: (_ workers: Int) -> Weights) -> Weights {
        if let known = derived[name] as? Weights { return known }
        let new = make(workers)
        derived[name] = new
        order.append(new)
        all += new.parts
        return new
    }

    /// Before a batch: no gradients, and whatever is derived from the values.
    func prepare(_ kernels: Kernels) {
        for weights in order { weights.derive(kernels) }
        Workers.perform(workers) { worker in
            for table in tables { table.clearGradient(worker) }
            for index in stride(from: worker, to: all.count, by: workers) {
                all[index].clearGradient()
                all[index].prepare(kernels)
            }
        }
    }

    /// After a batch: the sums over the workers, in one order, and the gradients of what weights are derived from.
    func collect(_ kernels: Kernels) {
        Workers.perform(workers) { worker in
            for index in stride(from: worker, to: all.count, by: workers) { all[index].addShares(kernels) }
        }
        for weights in order { weights.distribute(kernels) }
    }

    private func known(_ name: String, _ outputs: Range<Int>) -> Parameter? {
        dense.first { $0.name == name && $0.outputs == outputs }
    }

    private func add(
        _ name: String, _ outputs: Range<Int>, isVector: Bool, _ value: consuming Matrix
    ) -> Parameter {
        let parameter = Parameter(
            name: name, outputs: outputs, isVector: isVector, value: value, workers: workers)
        dense.append(parameter)
        all.append(parameter)
        return parameter
    }
}
