internal import DIEN
internal import Tensors

/// The parameters of a network that has learnt nothing, bit for bit the same for the same seed.
///
/// They are those of the authors' program, in both presets, since the paper names none: every matrix, tables included,
/// is uniform in ±√(6 / (rows + columns)) (Glorot and Bengio, AISTATS 2010) of the matrix as that program has it, where a
/// GRU's two gates are one matrix on [x; h] and its candidate is another. Biases are 0, but 1 for the gates of the GRUs;
/// alpha is 0 in Dice, 0.1 in PReLU; a norm does nothing.
struct InitialValues: ParameterSource {
    let configuration: ModelConfiguration
    let seed: UInt64

    func values(_ name: String, shape: [Int]) throws(TrainingError) -> [Float] {
        guard let inputs = shape.dropFirst().first else {
            return (0..<shape[0]).map { vectorValue(name, channel: $0) }
        }
        let stream = UniformStream(seed: seed, name)
        return (0..<shape[0]).flatMap { output in
            let limit = limit(name, output: output, outputs: shape[0], inputs: inputs)
            return (0..<inputs).map { limit * stream[output * inputs + $0] }
        }
    }

    func table(_ name: String, rows: Int, size: Int) throws(TrainingError) -> Matrix {
        var matrix = Matrix(rows: rows, columns: size)
        for row in 0..<rows { fill(&matrix, row: row, table: name) }
        return matrix
    }

    func hasMoments(_ name: String) -> Bool { false }

    /// One row of a table as it is before training.
    func fill(_ matrix: inout Matrix, row: Int, table name: String) {
        let stream = UniformStream(seed: seed, "embedding.\(name)")
        let size = matrix.columns
        let limit = Self.glorot(matrix.rows, size)
        for column in 0..<size { matrix[row, column] = limit * stream[row * size + column] }
    }

    private func limit(_ name: String, output: Int, outputs: Int, inputs: Int) -> Float {
        let hidden = configuration.hiddenSize
        guard name.hasPrefix("extractor.") || name.hasPrefix("evolution.") else {
            return Self.glorot(inputs, outputs)
        }
        let width = name.hasPrefix("extractor.") ? configuration.itemSize : hidden
        return Self.glorot(width + hidden, output < 2 * hidden ? 2 * hidden : hidden)
    }

    private static func glorot(_ rows: Int, _ columns: Int) -> Float {
        (6 / Float(rows + columns)).squareRoot()
    }

    private func vectorValue(_ name: String, channel: Int) -> Float {
        switch name {
        case "extractor.bias", "evolution.bias": channel < 2 * configuration.hiddenSize ? 1 : 0
        case _ where name.hasSuffix(".gamma") || name.hasSuffix(".moving_variance"): 1
        case "attention.query_prelu.alpha": 0.1
        case _ where name.hasSuffix(".alpha"): configuration.architecture.hasPReLU ? 0.1 : 0
        default: 0
        }
    }
}
