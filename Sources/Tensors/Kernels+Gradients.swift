internal import CKernels

extension Kernels {
    /// output [rows, columns] = input [rows, inner] · weights [inner, columns] + bias [1, columns].
    public func dense(
        _ input: borrowing Matrix, _ weights: borrowing Matrix, bias: borrowing Matrix,
        into output: inout Matrix
    ) {
        precondition(input.columns == weights.rows, "input does not fit the weights")
        precondition(bias.rows == 1 && bias.columns == weights.columns, "bias does not fit the weights")
        output.resize(rows: input.rows, columns: weights.columns)
        unsafe sharedDense(input, weights, kernel_rows(values: bias.base, stride: 0), &output)
    }

    /// output [rows, columns] = input [rows, inner] · weights [inner, columns].
    public func product(_ input: borrowing Matrix, _ weights: borrowing Matrix, into output: inout Matrix) {
        precondition(input.columns == weights.rows, "input does not fit the weights")
        output.resize(rows: input.rows, columns: weights.columns)
        guard output.stride <= Int(KERNEL_ZEROS) else {
            output.clear()
            return accumulate(input, weights, into: &output)
        }
        unsafe sharedDense(
            input, weights, kernel_rows(values: kernel_first_zero(), stride: 0), &output)
    }

    /// output [rows, columns] += transpose(input [inner, rows]) · gradient [inner, columns].
    public func accumulateTransposed(
        _ input: borrowing Matrix, _ gradient: borrowing Matrix, into output: inout Matrix
    ) {
        precondition(input.rows == gradient.rows, "one gradient an input")
        precondition(
            output.rows == input.columns && output.columns == gradient.columns,
            "output is not [inputs, outputs]")
        let (columns, inner) = (output.columns, input.rows)
        let (x, g, y) = unsafe (input.constantRows, gradient.constantRows, output.mutableRows)
        share(output.rows) { part in
            // A row of the output belongs to a column of the input.
            let values = unsafe kernel_rows(values: x.values + part.lowerBound, stride: x.stride)
            unsafe training.accumulate_transposed(
                part.count, columns, inner, values, g, y.from(part.lowerBound))
        }
    }

    /// One initial row for all rows.
    private func sharedDense(
        _ input: borrowing Matrix, _ weights: borrowing Matrix, _ initial: kernel_rows, _ output: inout Matrix
    ) {
        let (x, w, y) = unsafe (input.constantRows, weights.constantRows, output.mutableRows)
        let (columns, inner) = (weights.columns, weights.rows)
        share(input.rows) { part in
            unsafe table.pointee.dense(
                part.count, columns, inner, x.from(part.lowerBound), w, initial, y.from(part.lowerBound))
        }
    }

    /// output [columns, rows] = transpose(input).
    public func transpose(_ input: borrowing Matrix, into output: inout Matrix) {
        output.resize(rows: input.columns, columns: input.rows)
        unsafe training.transpose(input.rows, input.columns, input.constantRows, output.mutableRows)
    }

    /// gradient ∘= y (1 - y), the outputs y of a sigmoid.
    public func sigmoidBackward(_ gradient: inout Matrix, outputs: borrowing Matrix) {
        precondition(gradient.hasShape(of: outputs), "one gradient an output")
        unsafe training.sigmoid_backward(
            outputs.rows, outputs.columns, outputs.constantRows, gradient.mutableRows)
    }

    /// In place: x where x > 0, α x elsewhere; α [1, columns].
    public func prelu(_ values: inout Matrix, alpha: borrowing Matrix) {
        precondition(alpha.isVector(of: values.columns), "one alpha a channel")
        unsafe table.pointee.prelu(values.rows, values.columns, alpha.base, values.mutableRows)
    }

    /// dy → dx in place; alphaGradient [1, columns] += Σ x dy where x ≤ 0.
    public func preluBackward(
        _ gradient: inout Matrix, inputs: borrowing Matrix, alpha: borrowing Matrix,
        alphaGradient: inout Matrix
    ) {
        precondition(gradient.hasShape(of: inputs), "one gradient an input")
        precondition(alpha.isVector(of: inputs.columns), "one alpha a channel")
        precondition(alphaGradient.isVector(of: inputs.columns), "one gradient a channel")
        unsafe training.prelu_backward(
            inputs.rows, inputs.columns, alpha.base, inputs.constantRows, gradient.mutableRows,
            alphaGradient.base)
    }

    /// Mean and variance of each channel over the rows, [1, columns].
    public func moments(_ values: borrowing Matrix, mean: inout Matrix, variance: inout Matrix) {
        mean.resize(rows: 1, columns: values.columns)
        variance.resize(rows: 1, columns: values.columns)
        unsafe training.moments(values.rows, values.columns, values.constantRows, mean.base, variance.base)
    }

    /// In place: α (1 - p) x + p x, p = σ(scale x + offset); scale, offset and α [1, columns].
    public func dice(
        _ values: inout Matrix, scale: borrowing Matrix, offset: borrowing Matrix, alpha: borrowing Matrix
    ) {
        precondition(
            scale.isVector(of: values.columns) && offset.isVector(of: values.columns)
                && alpha.isVector(of: values.columns), "one scale, offset and alpha a channel")
        unsafe table.pointee.dice(
            values.rows, values.columns, scale.base, offset.base, alpha.base, values.mutableRows)
    }

    /// dy → dx in place, of Dice with the moments of its own batch; alphaGradient [1, columns] += dα.
    public func diceBackward(
        _ gradient: inout Matrix, inputs: borrowing Matrix, alpha: borrowing Matrix, mean: borrowing Matrix,
        variance: borrowing Matrix, epsilon: Float, alphaGradient: inout Matrix
    ) {
        precondition(gradient.hasShape(of: inputs), "one gradient an input")
        precondition(
            alpha.isVector(of: inputs.columns) && mean.isVector(of: inputs.columns)
                && variance.isVector(of: inputs.columns) && alphaGradient.isVector(of: inputs.columns),
            "one alpha, mean, variance and gradient a channel")
        let (rows, x, g) = unsafe (inputs.rows, inputs.constantRows, gradient.mutableRows)
        let (alpha, mean, variance) = unsafe (alpha.base, mean.base, variance.base)
        let toAlpha = unsafe alphaGradient.base
        shareChannels(inputs.columns) { part in
            let from = part.lowerBound
            unsafe training.dice_backward(
                rows, part.count, alpha + from, kernel_moments(mean: mean + from, variance: variance + from),
                epsilon, kernel_rows(values: x.values + from, stride: x.stride),
                kernel_mutable_rows(values: g.values + from, stride: g.stride), toAlpha + from)
        }
    }

    /// Calls `body` with parts of 0 ..< count that begin where a vector of every instruction set does.
    private func shareChannels(_ count: Int, _ body: (Range<Int>) -> Void) {
        let lanes = 16
        share((count + lanes - 1) / lanes) { part in
            body(part.lowerBound * lanes..<min(part.upperBound * lanes, count))
        }
    }

    var training: training_kernels { unsafe table.pointee.training }
}

extension Matrix {
    func hasShape(of other: borrowing Matrix) -> Bool { rows == other.rows && columns == other.columns }
    /// Whether it is [1, count].
    func isVector(of count: Int) -> Bool { rows == 1 && columns == count }
}

extension kernel_rows {
    func from(_ row: Int) -> kernel_rows {
        unsafe kernel_rows(values: values + row * stride, stride: stride)
    }
}

extension kernel_mutable_rows {
    func from(_ row: Int) -> kernel_mutable_rows {
        unsafe kernel_mutable_rows(values: values + row * stride, stride: stride)
    }
}
