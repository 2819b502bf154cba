internal import Tensors

/// y = x W + b, W [inputs, outputs]; without bias where there is none.
struct DenseLayer {
    let weight: Parameter
    let bias: Parameter?

    /// The tensors `<name>.weight` [outputs, inputs] and `<name>.bias` [outputs].
    init(_ parameters: Parameters, _ name: String, inputs: Int, outputs: Int) throws(TrainingError) {
        weight = try parameters.weight(
            "\(name).weight", inputs: inputs, outputs: 0..<outputs, of: outputs)
        bias = try parameters.vector("\(name).bias", 0..<outputs, of: outputs)
    }

    init(weight: Parameter, bias: Parameter?) {
        self.weight = weight
        self.bias = bias
    }

    /// [rows, inputs] → [rows, outputs].
    func forward(_ input: borrowing Matrix, _ kernels: Kernels) -> Matrix {
        var output = Matrix(rows: input.rows, columns: weight.value.columns)
        if let bias {
            kernels.dense(input, weight.value, bias: bias.value, into: &output)
        } else {
            kernels.accumulate(input, weight.value, into: &output)
        }
        return output
    }

    /// dW += xᵀ dy, db += Σ dy, and dx = dy Wᵀ.
    func backward(_ gradient: borrowing Matrix, input: borrowing Matrix, _ kernels: Kernels) -> Matrix {
        kernels.accumulateTransposed(input, gradient, into: &weight.gradient)
        bias?.gradient.addColumnSums(of: gradient)
        var result = Matrix(rows: input.rows, columns: input.columns)
        kernels.accumulate(gradient, weight.value.transposed(), into: &result)
        return result
    }
}

/// y = γ x / √(1 + 1e-3) + β: the batch normalisation of the authors' program, whose moments stay 0 and 1.
struct NormLayer {
    let gamma: Parameter
    let beta: Parameter
    private static let scale = Float(1 / (1 + 1e-3).squareRoot())

    init(_ parameters: Parameters, _ name: String, channels: Int) throws(TrainingError) {
        gamma = try parameters.vector("\(name).gamma", 0..<channels, of: channels)
        beta = try parameters.vector("\(name).beta", 0..<channels, of: channels)
    }

    func forward(_ input: borrowing Matrix) -> Matrix {
        var output = Matrix(rows: input.rows, columns: input.columns)
        let gamma = gamma.value.copy()
        let beta = beta.value.copy()
        for i in 0..<input.rows {
            let x = input.row(i)
            let g = gamma.row(0)
            let b = beta.row(0)
            var y = output.mutableRow(i)
            for j in 0..<x.count { y[j] = g[j] * x[j] * Self.scale + b[j] }
        }
        return output
    }

    func backward(_ gradient: borrowing Matrix, input: borrowing Matrix) -> Matrix {
        beta.gradient.addColumnSums(of: gradient)
        var result = Matrix(rows: input.rows, columns: input.columns)
        for i in 0..<input.rows {
            let x = input.row(i)
            let dy = gradient.row(i)
            for j in 0..<x.count {
                gamma.gradient[0, j] += dy[j] * x[j] * Self.scale
                result[i, j] = dy[j] * gamma.value[0, j] * Self.scale
            }
        }
        return result
    }
}
