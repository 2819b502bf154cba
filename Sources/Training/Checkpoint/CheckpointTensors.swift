internal import Tensors

/// The tensors of a checkpoint, written and read in one order: every parameter as it is in memory, its two moments, and
/// how far each row of a table has been moved. Nothing is rounded or caught up, so that what follows is bit for bit
/// what would have followed.
struct CheckpointTensors {
    let adam: Adam

    func declarations() -> [SafetensorsWriter.Declaration] {
        var result: [SafetensorsWriter.Declaration] = [
            .init("learning_rates", .f32, [adam.timeline.learningRates.count])
        ]
        func add(_ name: String, _ rows: Int, _ columns: Int) {
            for part in ["value", "first", "second"] {
                result.append(.init("\(part).\(name)", .f32, [rows, columns]))
            }
        }
        for moments in adam.dense {
            add(moments.name, moments.parameter.value.rows, moments.parameter.value.columns)
        }
        for table in adam.tables {
            add(table.name, table.table.value.rows, table.table.value.columns)
            result.append(.init("touched.\(table.name)", .i32, [table.table.value.rows]))
            result.append(.init("current.\(table.name)", .i32, [table.table.value.rows]))
        }
        for moments in adam.network.parameters.moments {
            result.append(.init("mean.\(moments.name)", .f32, [1, moments.mean.columns]))
            result.append(.init("variance.\(moments.name)", .f32, [1, moments.mean.columns]))
        }
        return result
    }

    func write(to writer: SafetensorsWriter) throws(TensorError) {
        try writer.append(adam.timeline.learningRates, to: "learning_rates")
        for moments in adam.dense {
            try writer.append(moments.parameter.value, to: "value.\(moments.name)")
            try writer.append(moments.first, to: "first.\(moments.name)")
            try writer.append(moments.second, to: "second.\(moments.name)")
        }
        for table in adam.tables {
            try writer.append(table.table.value, to: "value.\(table.name)")
            try writer.append(table.moments.first, to: "first.\(table.name)")
            try writer.append(table.moments.second, to: "second.\(table.name)")
            try writer.append(table.moments.touched, to: "touched.\(table.name)")
            try writer.append(table.moments.current, to: "current.\(table.name)")
        }
        for moments in adam.network.parameters.moments {
            try writer.append(moments.mean, to: "mean.\(moments.name)")
            try writer.append(moments.variance, to: "variance.\(moments.name)")
        }
    }

    /// Preconditions of a row's step numbers are checked here, since a file is no programmer's mistake.
    func read(_ file: SafetensorsFile) throws(TensorError) {
        let rates = try file.weights("learning_rates", count: nil).elements()
        var timeline = Adam.timeline(adam.options)
        for (index, rate) in rates.enumerated() {
            guard rate >= 0, Double(rate) * adam.options.weightDecay < 1 else {
                throw .malformedTensor(
                    path: file.path, tensor: "learning_rates", offset: 0,
                    reason: "step \(index): rate \(rate)")
            }
            timeline.advance(learningRate: rate)
        }
        for moments in adam.dense {
            try file.read("value.\(moments.name)", into: &moments.parameter.value)
            try file.read("first.\(moments.name)", into: &moments.first)
            try file.read("second.\(moments.name)", into: &moments.second)
        }
        for table in adam.tables {
            try file.read("value.\(table.name)", into: &table.table.value)
            try file.read("first.\(table.name)", into: &table.moments.first)
            try file.read("second.\(table.name)", into: &table.moments.second)
            let touched = try steps("touched.\(table.name)", table, file, atMost: rates.count)
            let current = try steps("current.\(table.name)", table, file, atMost: rates.count)
            guard zip(touched, current).allSatisfy({ $0 <= $1 }) else {
                throw .malformedTensor(
                    path: file.path, tensor: "current.\(table.name)", offset: 0,
                    reason: "a row is behind its own last gradient")
            }
            table.moments.touched = touched
            table.moments.current = current
        }
        for moments in adam.network.parameters.moments {
            try file.read("mean.\(moments.name)", into: &moments.mean)
            try file.read("variance.\(moments.name)", into: &moments.variance)
        }
        adam.timeline = timeline
    }

    private func steps(
        _ name: String, _ table: TableMoments, _ file: SafetensorsFile, atMost limit: Int
    ) throws(TensorError) -> [Int32] {
        let values = try file.tensor(name, of: Int32.self, shape: [table.table.value.rows]).elements()
        guard values.allSatisfy({ $0 >= 0 && $0 <= limit }) else {
            throw .malformedTensor(
                path: file.path, tensor: name, offset: 0, reason: "a step outside 0...\(limit)")
        }
        return values
    }
}

extension SafetensorsWriter {
    /// All rows of a matrix.
    func append(_ matrix: borrowing Matrix, to name: String) throws(TensorError) {
        for row in 0..<matrix.rows { try append(matrix.row(row), to: name) }
    }
}

extension SafetensorsFile {
    fileprivate func weights(_ name: String, count: Int?) throws(TensorError) -> MappedTensor<Float> {
        try tensor(name, of: Float.self, shape: [count])
    }

    /// All rows of a matrix of this shape, every element finite.
    fileprivate func read(_ name: String, into matrix: inout Matrix) throws(TensorError) {
        let values = try weights(name, shape: [matrix.rows, matrix.columns])
        for row in 0..<matrix.rows { values.copyRow(row, into: &matrix, row: row, column: 0) }
    }
}
