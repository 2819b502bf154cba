internal import DIEN
internal import Tensors

/// Where a network's parameters come from, by their names in a model folder.
protocol ParameterSource {
    /// All elements of a tensor outside the tables, in C order.
    func values(_ name: String, shape: [Int]) throws(TrainingError) -> [Float]
    /// The embedding table [rows, size] of that name.
    func table(_ name: String, rows: Int, size: Int) throws(TrainingError) -> Matrix
    /// Whether there are stored moments of that name.
    func hasMoments(_ name: String) -> Bool
}

/// A file of tensors that has them all.
struct FileSource: ParameterSource {
    let file: SafetensorsFile

    func values(_ name: String, shape: [Int]) throws(TrainingError) -> [Float] {
        do { return try file.weights(name, shape: shape).elements() } catch { throw .invalidTensors(error) }
    }

    func table(_ name: String, rows: Int, size: Int) throws(TrainingError) -> Matrix {
        let values: MappedTensor<Float>
        do { values = try file.weights("embedding.\(name)", shape: [rows, size]) } catch {
            throw .invalidTensors(error)
        }
        var matrix = Matrix(rows: rows, columns: size)
        for row in 0..<rows { values.copyRow(row, into: &matrix, row: row, column: 0) }
        return matrix
    }

    func hasMoments(_ name: String) -> Bool { file.description(of: "\(name).moving_mean") != nil }
}
