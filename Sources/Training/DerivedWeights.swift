internal import Tensors

/// Weights in the form in which a layer uses them, where that is not the form in which they are stored: made anew before
/// each batch, and after it their gradients go to what they are made of.
protocol DerivedWeights: AnyObject {
    var parts: [Parameter] { get }
    /// parts' values ← sources' values.
    func derive()
    /// sources' gradients += those that follow from the parts' gradients.
    func distribute()
}

extension Parameter {
    /// A part of derived weights.
    static func part(_ name: String, rows: Int, columns: Int, workers: Int) -> Parameter {
        Parameter(
            name: name, outputs: 0..<columns, isVector: rows == 1, value: Matrix(rows: rows, columns: columns),
            workers: workers)
    }
}

/// y = (γ x / √(1 + 1e-3) + β) W + b as x W' + b', W' = diag(γ / √(1 + 1e-3)) W and b' = b + β W.
final class NormedWeights: DerivedWeights {
    /// W' [inputs, outputs], cut after some of the inputs.
    let head, tail: Parameter
    /// b' [1, outputs]
    let bias: Parameter
    private let gamma, beta, weight: Parameter
    private let storedBias: Parameter?

    init(_ norm: NormLayer, _ layer: DenseLayer, cut: Int, workers: Int) {
        (gamma, beta, weight, storedBias) = (norm.gamma, norm.beta, layer.weight, layer.bias)
        let (inputs, outputs) = (weight.value.rows, weight.value.columns)
        head = .part("head", rows: cut, columns: outputs, workers: workers)
        tail = .part("tail", rows: inputs - cut, columns: outputs, workers: workers)
        self.bias = .part("bias", rows: 1, columns: outputs, workers: workers)
    }

    var parts: [Parameter] { [head, tail, bias] }

    private func part(_ input: Int) -> (Parameter, row: Int) {
        let cut = head.value.rows
        return input < cut ? (head, input) : (tail, input - cut)
    }

    func derive() {
        for column in 0..<weight.value.columns { bias.value[0, column] = storedBias?.value[0, column] ?? 0 }
        for input in 0..<weight.value.rows {
            let (target, row) = part(input)
            let (scale, shift) = (gamma.value[0, input] * NormLayer.scale, beta.value[0, input])
            for column in 0..<weight.value.columns {
                let w = weight.value[input, column]
                target.value[row, column] = scale * w
                bias.value[0, column] += shift * w
            }
        }
    }

    /// dW = diag(γ / √…) dW' + βᵀ db', dγ_j = Σ_k W_jk dW'_jk / √…, dβ_j = Σ_k W_jk db'_k.
    func distribute() {
        for column in 0..<weight.value.columns {
            storedBias?.gradient[0, column] += bias.gradient[0, column]
        }
        for input in 0..<weight.value.rows {
            let (source, row) = part(input)
            let (scale, shift) = (gamma.value[0, input] * NormLayer.scale, beta.value[0, input])
            var (toGamma, toBeta): (Float, Float) = (0, 0)
            for column in 0..<weight.value.columns {
                let (w, dw, db) =
                    (weight.value[input, column], source.gradient[row, column], bias.gradient[0, column])
                weight.gradient[input, column] += scale * dw + shift * db
                toGamma += w * dw
                toBeta += w * db
            }
            gamma.gradient[0, input] += toGamma * NormLayer.scale
            beta.gradient[0, input] += toBeta
        }
    }
}

/// [q, f, q - f, q ∘ f] W as q Q + f K + (q ∘ f) P: with the blocks W = [A; B; C; P], Q = A + C and K = B - C.
final class SplitAttentionWeights: DerivedWeights {
    /// [F, outputs] each.
    let query, key, product: Parameter
    private let weight: Parameter

    init(_ weight: Parameter, workers: Int) {
        self.weight = weight
        let (rows, columns) = (weight.value.rows / 4, weight.value.columns)
        query = .part("query", rows: rows, columns: columns, workers: workers)
        key = .part("key", rows: rows, columns: columns, workers: workers)
        product = .part("product", rows: rows, columns: columns, workers: workers)
    }

    var parts: [Parameter] { [query, key, product] }

    func derive() {
        let width = query.value.rows
        for row in 0..<width {
            for column in 0..<weight.value.columns {
                let difference = weight.value[2 * width + row, column]
                query.value[row, column] = weight.value[row, column] + difference
                key.value[row, column] = weight.value[width + row, column] - difference
                product.value[row, column] = weight.value[3 * width + row, column]
            }
        }
    }

    /// dA = dQ, dB = dK, dC = dQ - dK.
    func distribute() {
        let width = query.value.rows
        for row in 0..<width {
            for column in 0..<weight.value.columns {
                let (q, k) = (query.gradient[row, column], key.gradient[row, column])
                weight.gradient[row, column] += q
                weight.gradient[width + row, column] += k
                weight.gradient[2 * width + row, column] += q - k
                weight.gradient[3 * width + row, column] += product.gradient[row, column]
            }
        }
    }
}

/// The one score of a last layer: its output, or the difference z0 - z1 of its two.
final class ScoreWeights: DerivedWeights {
    /// [1, inputs]
    let weights: Parameter
    /// [1, 1]
    let bias: Parameter
    private let dense: (weight: Parameter, bias: Parameter?)
    private var hasTwo: Bool { dense.weight.value.columns == 2 }

    init(_ layer: DenseLayer, workers: Int) {
        let (weight, bias) = (layer.weight, layer.bias)
        dense = (weight, bias)
        weights = .part("weights", rows: 1, columns: weight.value.rows, workers: workers)
        self.bias = .part("bias", rows: 1, columns: 1, workers: workers)
    }

    var parts: [Parameter] { [weights, bias] }

    func derive() {
        for input in 0..<weights.value.columns {
            weights.value[0, input] = dense.weight.value[input, 0] - (hasTwo ? dense.weight.value[input, 1] : 0)
        }
        guard let stored = dense.bias else { return }
        bias.value[0, 0] = stored.value[0, 0] - (hasTwo ? stored.value[0, 1] : 0)
    }

    func distribute() {
        for input in 0..<weights.value.columns {
            let gradient = weights.gradient[0, input]
            dense.weight.gradient[input, 0] += gradient
            if hasTwo { dense.weight.gradient[input, 1] -= gradient }
        }
        guard let stored = dense.bias else { return }
        stored.gradient[0, 0] += bias.gradient[0, 0]
        if hasTwo { stored.gradient[0, 1] -= bias.gradient[0, 0] }
    }

    /// db += Σ ds, of the gradient [1, rows] of the scores.
    func addBias(_ gradient: borrowing Matrix, _ worker: Worker) {
        let slopes = gradient.row(0)
        var sum: Float = 0
        for row in slopes.indices { sum += slopes[row] }
        bias.shares[worker.index].sum[0, 0] += sum
    }
}
