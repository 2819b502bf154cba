internal import DIEN
internal import Tensors

/// The head in its training form: norm, hidden layers with Dice (batch moments) or PReLU, two logits.
struct HeadLayers {
    private let norm: NormLayer
    private let hidden: [(dense: DenseLayer, activation: Activation)]
    private let last: DenseLayer

    private enum Activation {
        case dice(DiceLayer)
        case prelu(PReLULayer)
    }

    /// What the backward pass needs of one hidden layer; `previous` is that of the layer below.
    final class Pass {
        let input: Matrix
        let sums: Matrix
        let below: Pass?

        init(input: consuming Matrix, sums: consuming Matrix, below: Pass?) {
            self.input = input
            self.sums = sums
            self.below = below
        }
    }

    init(_ parameters: Parameters, _ configuration: ModelConfiguration) throws(TrainingError) {
        var inputs = configuration.headInputSize
        norm = try NormLayer(parameters, "head.norm", channels: inputs)
        var hidden: [(DenseLayer, Activation)] = []
        for (index, outputs) in configuration.headHidden.enumerated() {
            let dense = try DenseLayer(parameters, "head.\(index)", inputs: inputs, outputs: outputs)
            let alpha = try parameters.vector("head.activation\(index).alpha", 0..<outputs, of: outputs)
            let prelu = configuration.architecture.hasPReLU
            hidden.append((dense, prelu ? .prelu(PReLULayer(alpha: alpha)) : .dice(DiceLayer(alpha: alpha))))
            inputs = outputs
        }
        self.hidden = hidden
        last = try DenseLayer(
            parameters, "head.\(configuration.headHidden.count)", inputs: inputs, outputs: 2)
    }

    /// Inputs [B, headInputSize] → logits [B, 2], in `sums` of the result, whose `input` they come from.
    func forward(_ inputs: borrowing Matrix, _ kernels: Kernels) -> Pass {
        var below: Pass?
        var activations = norm.forward(inputs)
        for (dense, activation) in hidden {
            let sums = dense.forward(activations, kernels)
            let next =
                switch activation {
                case .dice(let dice): dice.forward(sums, kernels)
                case .prelu(let prelu): prelu.forward(sums)
                }
            below = Pass(input: activations, sums: sums, below: below)
            activations = next
        }
        let logits = last.forward(activations, kernels)
        return Pass(input: activations, sums: logits, below: below)
    }

    /// Gradient of the logits [B, 2] → of the inputs.
    func backward(
        _ logits: borrowing Matrix, _ pass: Pass, inputs: borrowing Matrix, _ kernels: Kernels
    ) -> Matrix {
        var gradient = last.backward(logits, input: pass.input, kernels)
        var below = pass.below
        for (dense, activation) in hidden.reversed() {
            guard let layer = below else { break }
            let sums =
                switch activation {
                case .dice(let dice): dice.backward(gradient, input: layer.sums, kernels)
                case .prelu(let prelu): prelu.backward(gradient, input: layer.sums)
                }
            gradient = dense.backward(sums, input: layer.input, kernels)
            below = layer.below
        }
        return norm.backward(gradient, input: inputs)
    }
}
