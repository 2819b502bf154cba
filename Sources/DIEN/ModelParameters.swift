internal import Tensors

/// The tensors of model.safetensors, taken one by one until none is left: every shape and every value is checked.
struct ModelParameters {
    private let file: SafetensorsFile
    private let name: String
    private let tableFiles: [String: SafetensorsFile]
    /// Of the products that run once a candidate and step.
    let precision: Precision
    private var taken: Set<String> = []

    /// - Parameters:
    ///   - tableFiles: the files of tables that stand apart, by name.
    ///   - precision: of the products that run once a candidate and step.
    init(
        _ file: SafetensorsFile, named name: String = "model.safetensors",
        tableFiles: [String: SafetensorsFile] = [:], precision: Precision = .fp32
    ) {
        self.precision = precision
        self.file = file
        self.name = name
        self.tableFiles = tableFiles
    }

    /// The weight [outputs, inputs] of a dense layer.
    mutating func matrix(_ name: String, outputs: Int, inputs: Int) throws(ModelError) -> WeightMatrix {
        let values = try take(name, shape: [outputs, inputs]).elements()
        return WeightMatrix(outputs: outputs, inputs: inputs, values: values)
    }

    /// One value a channel.
    mutating func vector(_ name: String, count: Int) throws(ModelError) -> [Float] {
        try take(name, shape: [count]).elements()
    }

    /// Variances, which are not negative.
    mutating func variances(_ name: String, count: Int) throws(ModelError) -> [Float] {
        let values = try vector(name, count: count)
        if let index = values.firstIndex(where: { $0 < 0 }) {
            let start = file.description(of: name)?.bytes.lowerBound ?? 0
            throw .invalidTensors(
                .malformedTensor(
                    path: file.path, tensor: name, offset: start + 4 * index,
                    reason: "element \(index) is a negative variance"))
        }
        return values
    }

    /// An embedding table [rows, columns], left where it is mapped: here, or alone in a file of its own.
    mutating func table(
        _ table: ModelConfiguration.Table, columns: Int
    ) throws(ModelError) -> MappedTable {
        let tensor = "embedding.\(table.name)"
        guard let name = table.file, let file = tableFiles[name] else {
            return try takeTable(tensor, rows: table.rows, columns: columns)
        }
        var alone = ModelParameters(file, named: name)
        let values = try alone.takeTable(tensor, rows: table.rows, columns: columns)
        try alone.finish()
        return values
    }

    private mutating func takeTable(
        _ name: String, rows: Int, columns: Int
    ) throws(ModelError) -> MappedTable {
        let table: MappedTable
        do { table = try file.table(name, rows: rows, columns: columns) } catch {
            throw .invalidTensors(error)
        }
        taken.insert(name)
        if table.type == .i8 { taken.insert(SafetensorsFile.scaleName(of: name)) }
        return table
    }

    /// Refuses tensors that no layer took; those of the auxiliary loss serve training alone.
    func finish() throws(ModelError) {
        for tensor in file.tensors where !taken.contains(tensor.name) && !tensor.name.hasPrefix("auxiliary.")
        {
            throw .unexpectedTensor(file: name, tensor: tensor.name)
        }
    }

    private mutating func take(_ name: String, shape: [Int]) throws(ModelError) -> MappedTensor<Float> {
        taken.insert(name)
        do { return try file.weights(name, shape: shape) } catch { throw .invalidTensors(error) }
    }
}

/// A weight [outputs, inputs], row-major, on its way to a packed one.
struct WeightMatrix {
    var outputs: Int
    var inputs: Int
    var values: [Float]

    var packed: PackedMatrix { packed(.fp32) }

    /// Products with it are computed in that precision.
    func packed(_ precision: Precision) -> PackedMatrix {
        PackedMatrix(values, outputs: outputs, inputs: inputs, precision: precision)
    }

    /// Each output times a factor of its own.
    func scaled(by factors: [Float]) -> WeightMatrix {
        precondition(factors.count == outputs, "one factor an output")
        let scaled = values.indices.map { values[$0] * factors[$0 / inputs] }
        return WeightMatrix(outputs: outputs, inputs: inputs, values: scaled)
    }

    /// The rows of some outputs.
    func outputs(_ range: Range<Int>) -> WeightMatrix {
        WeightMatrix(
            outputs: range.count, inputs: inputs,
            values: Array(values[range.lowerBound * inputs..<range.upperBound * inputs]))
    }

    /// The columns of some inputs.
    func inputs(_ range: Range<Int>) -> WeightMatrix {
        var selected: [Float] = []
        for output in 0..<outputs {
            selected += values[output * inputs + range.lowerBound..<output * inputs + range.upperBound]
        }
        return WeightMatrix(outputs: outputs, inputs: range.count, values: selected)
    }

    /// The inputs of this one, then those of another with the same outputs.
    func beside(_ other: WeightMatrix) -> WeightMatrix {
        var joined: [Float] = []
        for output in 0..<outputs {
            joined += values[output * inputs..<(output + 1) * inputs]
            joined += other.values[output * other.inputs..<(output + 1) * other.inputs]
        }
        return WeightMatrix(
            outputs: outputs, inputs: inputs + other.inputs, values: joined)
    }

    static func + (left: WeightMatrix, right: WeightMatrix) -> WeightMatrix {
        WeightMatrix(
            outputs: left.outputs, inputs: left.inputs,
            values: zip(left.values, right.values).map { $0 + $1 })
    }

    static func - (left: WeightMatrix, right: WeightMatrix) -> WeightMatrix {
        WeightMatrix(
            outputs: left.outputs, inputs: left.inputs,
            values: zip(left.values, right.values).map { $0 - $1 })
    }
}
