internal import DIEN
internal import Tensors

/// The attention network over [q, f, q - f, q ∘ f]; q is a projection of the target, or in DIN the target itself.
struct NetworkScore {
    private let projection: DenseLayer?  // [D] → [F]
    private let prelu: PReLULayer?
    private let layers: [DenseLayer]  // 4F → A1 → A2 → 1

    /// What the backward pass needs, M rows each.
    struct Pass: ~Copyable {
        let inputs: Matrix
        let first: Matrix
        let second: Matrix
        let scores: Matrix

        /// That of an attention without network.
        init() { self.init(inputs: .empty, first: .empty, second: .empty, scores: .empty) }

        init(
            inputs: consuming Matrix, first: consuming Matrix, second: consuming Matrix,
            scores: consuming Matrix
        ) {
            self.inputs = inputs
            self.first = first
            self.second = second
            self.scores = scores
        }
    }

    init(_ parameters: Parameters, _ configuration: ModelConfiguration) throws(TrainingError) {
        let facts = configuration.interestSize
        if configuration.architecture.isRecurrent {
            projection = try DenseLayer(
                parameters, "attention.query", inputs: configuration.itemSize, outputs: facts)
            prelu = PReLULayer(
                alpha: try parameters.vector("attention.query_prelu.alpha", 0..<facts, of: facts))
        } else {
            projection = nil
            prelu = nil
        }
        let widths = [4 * facts] + configuration.attentionHidden + [1]
        var layers: [DenseLayer] = []
        for layer in 0..<3 {
            layers.append(
                try DenseLayer(
                    parameters, "attention.\(layer)", inputs: widths[layer], outputs: widths[layer + 1]))
        }
        self.layers = layers
    }

    /// The query before its PReLU, [B, F].
    func projected(_ targets: borrowing Matrix, _ kernels: Kernels) -> Matrix {
        projection?.forward(targets, kernels) ?? targets.copy()
    }

    /// → scores [M, 1].
    func forward(
        queries: borrowing Matrix, facts: borrowing Matrix, _ layout: SequenceLayout, _ kernels: Kernels
    ) -> Pass {
        let activated = prelu?.forward(queries) ?? queries.copy()
        let width = facts.columns
        var inputs = Matrix(rows: facts.rows, columns: 4 * width)
        for (m, b) in layout.sequences.enumerated() {
            let q = activated.row(b)
            let f = facts.row(m)
            var z = inputs.mutableRow(m)
            for j in 0..<width {
                z[j] = q[j]
                z[width + j] = f[j]
                z[2 * width + j] = q[j] - f[j]
                z[3 * width + j] = q[j] * f[j]
            }
        }
        var first = layers[0].forward(inputs, kernels)
        kernels.sigmoid(&first)
        var second = layers[1].forward(first, kernels)
        kernels.sigmoid(&second)
        let scores = layers[2].forward(second, kernels)
        return Pass(inputs: inputs, first: first, second: second, scores: scores)
    }

    /// With dz = [dA, dB, dC, dP]: dq = Σ_t dA + dC + f dP, df = dB - dC + q dP.
    func backward(
        _ gradient: borrowing Matrix, _ pass: borrowing Pass, queries: borrowing Matrix,
        targets: borrowing Matrix, facts: borrowing Matrix, toTargets: inout Matrix, toFacts: inout Matrix,
        _ layout: SequenceLayout, _ kernels: Kernels
    ) {
        var second = layers[2].backward(gradient, input: pass.second, kernels)
        SigmoidLayer.backward(&second, output: pass.second)
        var first = layers[1].backward(second, input: pass.first, kernels)
        SigmoidLayer.backward(&first, output: pass.first)
        let inputs = layers[0].backward(first, input: pass.inputs, kernels)
        let width = facts.columns
        var toQueries = Matrix(rows: queries.rows, columns: width)
        for (m, b) in layout.sequences.enumerated() {
            let dz = inputs.row(m)
            let z = pass.inputs.row(m)
            for j in 0..<width {
                toQueries[b, j] += dz[j] + dz[2 * width + j] + z[width + j] * dz[3 * width + j]
                toFacts[m, j] += dz[width + j] - dz[2 * width + j] + z[j] * dz[3 * width + j]
            }
        }
        guard let projection, let prelu else { return toTargets.add(toQueries) }
        let projected = prelu.backward(toQueries, input: queries)
        toTargets.add(projection.backward(projected, input: targets, kernels))
    }
}

extension Matrix {
    /// [0, 0]
    static var empty: Matrix { Matrix(rows: 0, columns: 0) }
}
