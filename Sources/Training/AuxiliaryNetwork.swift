internal import DIEN
internal import Tensors

/// The discriminator of the authors' program on [h; x]: norm → 100 σ → 50 σ → 2, class 0 = clicked.
struct AuxiliaryNetwork {
    private let norm: NormLayer
    private let layers: [DenseLayer]

    /// What the backward pass needs, one row a pair.
    struct Pass: ~Copyable {
        fileprivate let normed: Matrix
        fileprivate let first: Matrix
        fileprivate let second: Matrix
        /// The two logits of each row.
        let logits: Matrix

        /// That of a discriminator without network.
        init() { self.init(normed: .empty, first: .empty, second: .empty, logits: .empty) }

        fileprivate init(
            normed: consuming Matrix, first: consuming Matrix, second: consuming Matrix,
            logits: consuming Matrix
        ) {
            self.normed = normed
            self.first = first
            self.second = second
            self.logits = logits
        }
    }

    init(_ parameters: Parameters, _ configuration: ModelConfiguration) throws(TrainingError) {
        let widths = [configuration.hiddenSize + configuration.itemSize, 100, 50, 2]
        norm = try NormLayer(parameters, "auxiliary.norm", channels: widths[0])
        var layers: [DenseLayer] = []
        for layer in 0..<3 {
            layers.append(
                try DenseLayer(
                    parameters, "auxiliary.\(layer)", inputs: widths[layer], outputs: widths[layer + 1]))
        }
        self.layers = layers
    }

    /// [rows, H + D] → logits [rows, 2].
    func forward(_ inputs: borrowing Matrix, _ kernels: Kernels) -> Pass {
        let normed = norm.forward(inputs)
        var first = layers[0].forward(normed, kernels)
        kernels.sigmoid(&first)
        var second = layers[1].forward(first, kernels)
        kernels.sigmoid(&second)
        let logits = layers[2].forward(second, kernels)
        return Pass(normed: normed, first: first, second: second, logits: logits)
    }

    /// Gradient of z0 - z1, one a row → of the inputs.
    func backward(
        _ slopes: [Float], _ pass: borrowing Pass, inputs: borrowing Matrix, _ kernels: Kernels
    ) -> Matrix {
        var logits = Matrix(rows: slopes.count, columns: 2)
        for (row, slope) in slopes.enumerated() {
            logits[row, 0] = slope
            logits[row, 1] = -slope
        }
        var second = layers[2].backward(logits, input: pass.second, kernels)
        SigmoidLayer.backward(&second, output: pass.second)
        var first = layers[1].backward(second, input: pass.first, kernels)
        SigmoidLayer.backward(&first, output: pass.first)
        return norm.backward(layers[0].backward(first, input: pass.normed, kernels), input: inputs)
    }
}
