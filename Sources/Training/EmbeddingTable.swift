public import Tensors

/// An embedding table and the gradients of the rows that a batch touched: its cost does not grow with its rows.
public final class EmbeddingTable {
    /// The table's name in the configuration.
    public let name: String
    /// [rows, E]
    public var value: Matrix
    /// The rows that have a gradient, each once.
    public var touched: [Int] { sums.touched }
    /// Their gradients, E floats a row.
    public var gradients: [Float] { sums.gradients }
    /// The same, as the optimiser takes them.
    let sums: RowGradients
    private let workers: Int

    init(name: String, value: consuming Matrix, workers: Int) {
        self.name = name
        self.workers = workers
        sums = RowGradients(rows: value.rows, columns: value.columns, parts: workers)
        self.value = value
    }

    /// Row i of the result, from `column` on, is the embedding `rows[i]`.
    func forward(_ rows: [Int], into vectors: inout Matrix, column: Int, _ worker: Worker) {
        worker.kernels.gather(rows, of: value, into: &vectors, column: column)
    }

    /// Adds the gradient of each element to that of its row, where the row is this worker's: an embedding used twice gets
    /// the sum.
    func backward(_ rows: [Int], _ gradient: borrowing Matrix, column: Int, _ worker: Worker) {
        sums.add(rows, gradient, column: column, part: worker.index, worker.kernels)
    }

    /// Forgets all gradients before the next backward pass.
    public func clearGradient() {
        for worker in 0..<workers { clearGradient(worker) }
    }

    /// Forgets those of one worker.
    func clearGradient(_ worker: Int) { sums.clear(part: worker) }
}
