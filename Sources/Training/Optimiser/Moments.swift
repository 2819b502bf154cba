internal import Tensors

/// The two moments of one dense parameter.
final class DenseMoments {
    let parameter: Parameter
    /// Of its own in a checkpoint: a GRU's tensor is two parameters.
    var name: String { "\(parameter.name).\(parameter.outputs.lowerBound)" }
    var first: Matrix
    var second: Matrix

    init(_ parameter: Parameter) {
        self.parameter = parameter
        first = Matrix(rows: parameter.value.rows, columns: parameter.value.columns)
        second = Matrix(rows: parameter.value.rows, columns: parameter.value.columns)
    }

    func step(_ timeline: AdamTimeline, scale: Float, _ kernels: Kernels) {
        kernels.adam(
            &parameter.value, first: &first, second: &second, gradient: parameter.gradient, scale: scale,
            decaying: !parameter.isVector, timeline)
    }
}

/// The moments of one embedding table.
final class TableMoments {
    let table: EmbeddingTable
    /// In a checkpoint, as in a model folder.
    var name: String { "embedding.\(table.name)" }
    private let threads: Int
    var moments: LazyMoments

    init(_ table: EmbeddingTable, threads: Int) {
        self.table = table
        self.threads = threads
        moments = LazyMoments(rows: table.value.rows, columns: table.value.columns)
    }

    /// Moves rows that are about to be read.
    func catchUp(_ rows: [Int], _ timeline: AdamTimeline, _ kernels: Kernels) {
        kernels.adamReplay(&table.value, &moments, rows: rows, threads: threads, timeline)
    }

    /// Moves all rows, some at a time.
    func catchUp(_ timeline: AdamTimeline, _ kernels: Kernels) {
        let part = 4096
        for begin in stride(from: 0, to: table.value.rows, by: part) {
            catchUp(Array(begin..<min(begin + part, table.value.rows)), timeline, kernels)
        }
    }

    func step(_ timeline: AdamTimeline, scale: Float, _ kernels: Kernels) {
        kernels.adam(
            &table.value, &moments, table.sums, scale: scale, timeline)
    }
}
