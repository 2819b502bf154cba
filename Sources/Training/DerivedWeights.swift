internal import Tensors

/// Weights in the form in which a layer uses them, where that is not the form in which they are stored: made anew before
/// each batch, and after it their gradients go to what they are made of.
protocol DerivedWeights: AnyObject {
    var parts: [Parameter] { get }
    /// parts' values ← sources' values.
    func derive(_ kernels: Kernels)
    /// sources' gradients += those that follow from the parts' gradients.
    func distribute(_ kernels: Kernels)
}

extension Parameter {
    /// A part of derived weights.
    static func part(_ name: String, rows: Int, columns: Int, workers: Int) -> Parameter {
        Parameter(
            name: name, outputs: 0..<columns, isVector: rows == 1,
            value: Matrix(rows: rows, columns: columns),
            workers: workers)
    }
}

extension Matrix {
    /// [1, count] of one value.
    static func constant(_ value: Float, count: Int) -> Matrix {
        var result = Matrix(rows: 1, columns: count)
        for column in 0..<count { result[0, column] = value }
        return result
    }
}

/// y = (γ x / √(1 + 1e-3) + β) W + b as x W' + b', W' = diag(γ / √(1 + 1e-3)) W and b' = b + β W.
final class NormedWeights: DerivedWeights {
    /// W' [inputs, outputs], cut after some of the inputs.
    let head, tail: Parameter
    /// b' [1, outputs]
    let bias: Parameter
    private let gamma, beta, weight, storedBias: Parameter
    private var factors: Matrix  // γ / √(1 + 1e-3)
    private var whole = Matrix.empty  // W', or its gradient
    private var dots = Matrix.empty

    init(_ norm: NormLayer, weight: Parameter, bias: Parameter, cut: Int, workers: Int) {
        (gamma, beta, self.weight, storedBias) = (norm.gamma, norm.beta, weight, bias)
        let (inputs, outputs) = (weight.value.rows, weight.value.columns)
        head = .part("head", rows: cut, columns: outputs, workers: workers)
        tail = .part("tail", rows: inputs - cut, columns: outputs, workers: workers)
        self.bias = .part("bias", rows: 1, columns: outputs, workers: workers)
        factors = Matrix(rows: 1, columns: inputs)
    }

    var parts: [Parameter] { [head, tail, bias] }

    func derive(_ kernels: Kernels) {
        for input in 0..<factors.columns { factors[0, input] = gamma.value[0, input] * NormLayer.scale }
        kernels.scaleRows(weight.value, by: factors, into: &whole)
        kernels.copyPart(of: whole, into: &head.value)
        kernels.copyPart(of: whole, row: head.value.rows, into: &tail.value)
        kernels.copy(storedBias.value, into: &bias.value)
        kernels.accumulate(beta.value, weight.value, into: &bias.value)
    }

    /// dW = diag(γ / √…) dW' + βᵀ db', dγ_j = Σ_k W_jk dW'_jk / √…, dβ_j = Σ_k W_jk db'_k, db = db'.
    func distribute(_ kernels: Kernels) {
        kernels.copy(head.gradient, into: &whole)
        kernels.copy(tail.gradient, into: &whole, row: head.value.rows)
        kernels.addScaledRows(whole, by: factors, into: &weight.gradient)
        kernels.accumulateTransposed(beta.value, bias.gradient, into: &weight.gradient)
        kernels.rowDots(weight.value, whole, into: &dots)
        for input in 0..<dots.columns { gamma.gradient[0, input] += dots[0, input] * NormLayer.scale }
        kernels.accumulate(bias.gradient, weight.transposed, into: &beta.gradient)
        kernels.add(bias.gradient, into: &storedBias.gradient)
    }
}

/// [q, f, q - f, q ∘ f] W as q Q + f K + (q ∘ f) P: with the blocks W = [A; B; C; P], Q = A + C and K = B - C.
final class SplitAttentionWeights: DerivedWeights {
    /// [F, outputs] each.
    let query, key, product: Parameter
    private let weight: Parameter
    private let minus: Matrix
    private var block: Matrix

    init(_ weight: Parameter, workers: Int) {
        self.weight = weight
        let (rows, columns) = (weight.value.rows / 4, weight.value.columns)
        query = .part("query", rows: rows, columns: columns, workers: workers)
        key = .part("key", rows: rows, columns: columns, workers: workers)
        product = .part("product", rows: rows, columns: columns, workers: workers)
        minus = .constant(-1, count: rows)
        block = Matrix(rows: rows, columns: columns)
    }

    var parts: [Parameter] { [query, key, product] }

    func derive(_ kernels: Kernels) {
        let width = block.rows
        kernels.copyPart(of: weight.value, into: &query.value)
        kernels.copyPart(of: weight.value, row: width, into: &key.value)
        kernels.copyPart(of: weight.value, row: 3 * width, into: &product.value)
        kernels.copyPart(of: weight.value, row: 2 * width, into: &block)
        kernels.add(block, into: &query.value)
        kernels.addScaledRows(block, by: minus, into: &key.value)
    }

    /// dA = dQ, dB = dK, dC = dQ - dK.
    func distribute(_ kernels: Kernels) {
        let width = block.rows
        kernels.add(query.gradient, into: &weight.gradient)
        kernels.add(key.gradient, into: &weight.gradient, row: width)
        kernels.add(product.gradient, into: &weight.gradient, row: 3 * width)
        kernels.copy(query.gradient, into: &block)
        kernels.addScaledRows(key.gradient, by: minus, into: &block)
        kernels.add(block, into: &weight.gradient, row: 2 * width)
    }
}

/// The one score of a last layer: its output, or the difference z0 - z1 of its two.
final class ScoreWeights: DerivedWeights {
    /// [1, inputs]
    let weights: Parameter
    /// [1, 1]
    let bias: Parameter
    private let weight, storedBias: Parameter
    private var hasTwo: Bool { weight.value.columns == 2 }

    init(weight: Parameter, bias: Parameter, workers: Int) {
        (self.weight, storedBias) = (weight, bias)
        weights = .part("weights", rows: 1, columns: weight.value.rows, workers: workers)
        self.bias = .part("bias", rows: 1, columns: 1, workers: workers)
    }

    var parts: [Parameter] { [weights, bias] }

    func derive(_ kernels: Kernels) {
        for input in 0..<weights.value.columns {
            weights.value[0, input] = weight.value[input, 0] - (hasTwo ? weight.value[input, 1] : 0)
        }
        bias.value[0, 0] = storedBias.value[0, 0] - (hasTwo ? storedBias.value[0, 1] : 0)
    }

    func distribute(_ kernels: Kernels) {
        for input in 0..<weights.value.columns {
            let gradient = weights.gradient[0, input]
            weight.gradient[input, 0] += gradient
            if hasTwo { weight.gradient[input, 1] -= gradient }
        }
        storedBias.gradient[0, 0] += bias.gradient[0, 0]
        if hasTwo { storedBias.gradient[0, 1] -= bias.gradient[0, 0] }
    }

    /// db += Σ ds, of the gradient [1, rows] of the scores.
    func addBias(_ gradient: borrowing Matrix, _ worker: Worker) {
        let slopes = gradient.row(0)
        var sum: Float = 0
        for row in slopes.indices { sum += slopes[row] }
        bias.shares[worker.index].sum[0, 0] += sum
    }
}
