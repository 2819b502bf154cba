public import Tensors

/// A weight or a vector that is trained, and its gradient, in the layout of the kernels.
///
/// A weight is [inputs, outputs], the transpose of its tensor in a file; a vector of one value a channel is [1, channels].
public final class Parameter {
    /// The tensor's name in a file.
    public let name: String
    /// The outputs of the file's tensor that this parameter is: a GRU's gates are trained apart from its candidate.
    public let outputs: Range<Int>
    /// Whether the file's tensor has one extent.
    public let isVector: Bool
    /// The values.
    public var value: Matrix
    /// What backward passes have added since ``clearGradient()``.
    public var gradient: Matrix

    init(name: String, outputs: Range<Int>, isVector: Bool, value: consuming Matrix) {
        self.name = name
        self.outputs = outputs
        self.isVector = isVector
        gradient = Matrix(rows: value.rows, columns: value.columns)
        self.value = value
    }

    /// Zeros before the next backward pass.
    public func clearGradient() { gradient = Matrix(rows: gradient.rows, columns: gradient.columns) }
}

/// The parameters of a network, taken from a file of tensors as the layers are built.
public final class Parameters {
    private let file: SafetensorsFile
    /// Every parameter outside the embedding tables, in the order of the layers.
    public private(set) var dense: [Parameter] = []
    /// The embedding tables.
    public private(set) var tables: [EmbeddingTable] = []

    init(_ file: SafetensorsFile) { self.file = file }

    /// The weight [inputs, outputs] of some outputs of a tensor [all outputs, inputs].
    func weight(
        _ name: String, inputs: Int, outputs: Range<Int>, of all: Int
    ) throws(TrainingError) -> Parameter {
        let values = try tensor(name, shape: [all, inputs])
        var value = Matrix(rows: inputs, columns: outputs.count)
        for (column, output) in outputs.enumerated() {
            for input in 0..<inputs { value[input, column] = values[output * inputs + input] }
        }
        return add(Parameter(name: name, outputs: outputs, isVector: false, value: value))
    }

    /// The values [1, channels] of some channels of a tensor.
    func vector(_ name: String, _ channels: Range<Int>, of all: Int) throws(TrainingError) -> Parameter {
        let values = try tensor(name, shape: [all])
        var value = Matrix(rows: 1, columns: channels.count)
        for (column, channel) in channels.enumerated() { value[0, column] = values[channel] }
        return add(Parameter(name: name, outputs: channels, isVector: true, value: value))
    }

    /// An embedding table [rows, size].
    func table(_ name: String, rows: Int, size: Int) throws(TrainingError) -> EmbeddingTable {
        let values = try tensor("embedding.\(name)", shape: [rows, size])
        var value = Matrix(rows: rows, columns: size)
        for row in 0..<rows {
            for column in 0..<size { value[row, column] = values[row * size + column] }
        }
        let table = EmbeddingTable(name: name, value: value)
        tables.append(table)
        return table
    }

    private func add(_ parameter: Parameter) -> Parameter {
        dense.append(parameter)
        return parameter
    }

    private func tensor(_ name: String, shape: [Int]) throws(TrainingError) -> MappedTensor<Float> {
        do { return try file.weights(name, shape: shape) } catch { throw .invalidTensors(error) }
    }
}
