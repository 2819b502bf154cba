public import Tensors

/// An embedding table and the gradients of the rows that a batch touched: its cost does not grow with its rows.
public final class EmbeddingTable {
    /// The table's name in the configuration.
    public let name: String
    /// [rows, E]
    public var value: Matrix
    /// The rows that have a gradient, in the order in which they were touched.
    public private(set) var touched: [Int] = []
    /// Their gradients, E floats a row.
    public private(set) var gradients: [Float] = []
    private var slots: [Int: Int] = [:]

    init(name: String, value: consuming Matrix) {
        self.name = name
        self.value = value
    }

    /// Row i of the result, from `column` on, is the embedding `rows[i]`.
    func forward(_ rows: [Int], into vectors: inout Matrix, column: Int) {
        for (element, row) in rows.enumerated() {
            vectors.copyRow(row, of: value, toRow: element, column: column)
        }
    }

    /// Adds the gradient of each element to that of its row: an embedding used twice gets the sum.
    func backward(_ rows: [Int], _ gradient: borrowing Matrix, column: Int) {
        let size = value.columns
        for (element, row) in rows.enumerated() {
            let start = slot(of: row) * size
            let part = gradient.row(element)
            for j in 0..<size { gradients[start + j] += part[column + j] }
        }
    }

    /// Forgets all gradients before the next backward pass.
    public func clearGradient() {
        touched = []
        gradients = []
        slots = [:]
    }

    private func slot(of row: Int) -> Int {
        if let slot = slots[row] { return slot }
        let slot = touched.count
        slots[row] = slot
        touched.append(row)
        gradients += [Float](repeating: 0, count: value.columns)
        return slot
    }
}
