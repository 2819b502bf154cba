public import Tensors

/// An embedding table and the gradients of the rows that a batch touched: its cost does not grow with its rows.
public final class EmbeddingTable {
    /// The table's name in the configuration.
    public let name: String
    /// [rows, E]
    public var value: Matrix
    /// The rows that have a gradient, in the order in which they were touched.
    public var touched: [Int] { shares[0].touched }
    /// Their gradients, E floats a row.
    public var gradients: [Float] { shares[0].gradients }
    /// One a worker; the first one is the gradient once they are added up.
    private let shares: [RowGradients]

    init(name: String, value: consuming Matrix, workers: Int) {
        self.name = name
        let (rows, size) = (value.rows, value.columns)
        shares = (0..<workers).map { _ in RowGradients(rows: rows, size: size) }
        self.value = value
    }

    /// Row i of the result, from `column` on, is the embedding `rows[i]`.
    func forward(_ rows: [Int], into vectors: inout Matrix, column: Int, _ worker: Worker) {
        worker.kernels.gather(rows, of: value, into: &vectors, column: column)
    }

    /// Adds the gradient of each element to that of its row: an embedding used twice gets the sum.
    func backward(_ rows: [Int], _ gradient: borrowing Matrix, column: Int, _ worker: Worker) {
        let share = shares[worker.index]
        share.touch(rows)
        worker.kernels.scatterAdd(
            gradient, column: column, columns: value.columns, slots: share.slots, into: &share.gradients)
    }

    /// Forgets all gradients before the next backward pass.
    public func clearGradient() {
        for share in shares { share.clear() }
    }

    /// Adds the workers' shares, always in the same order.
    func addShares(_ kernels: Kernels) {
        let sum = shares[0]
        for share in shares.dropFirst() {
            sum.touch(share.touched)
            kernels.scatterAdd(
                share.gradients, columns: value.columns, slots: sum.slots, into: &sum.gradients)
        }
    }
}

/// Gradients of some rows of a table. A number a row of the table says where its gradient is: written once, at first, and
/// later only for the rows that a batch touches.
private final class RowGradients {
    private(set) var touched: [Int] = []
    var gradients: [Float] = []
    /// Where the gradients of the rows of the last ``touch(_:)`` are.
    private(set) var slots: [Int] = []
    private var slotOfRow: [Int32]
    private let size: Int

    init(rows: Int, size: Int) {
        slotOfRow = [Int32](repeating: -1, count: rows)
        self.size = size
    }

    /// Finds or makes the slot of each of these rows.
    func touch(_ rows: [Int]) {
        slots.removeAll(keepingCapacity: true)
        slots.reserveCapacity(rows.count)
        for row in rows {
            if slotOfRow[row] < 0 {
                slotOfRow[row] = Int32(truncatingIfNeeded: touched.count)
                touched.append(row)
            }
            slots.append(Int(slotOfRow[row]))
        }
        gradients.append(contentsOf: repeatElement(0, count: touched.count * size - gradients.count))
    }

    func clear() {
        for row in touched { slotOfRow[row] = -1 }
        touched.removeAll(keepingCapacity: true)
        gradients.removeAll(keepingCapacity: true)
    }
}
