internal import DIEN
internal import Tensors

/// The head in its training form: norm, hidden layers with Dice or PReLU, two logits.
final class HeadLayers {
    private let norm: NormLayer
    private let hidden: [HiddenLayer]
    private let last: DenseLayer

    init(
        _ parameters: Parameters, _ worker: Worker, _ configuration: ModelConfiguration
    ) throws(TrainingError) {
        var inputs = configuration.headInputSize
        norm = try NormLayer(parameters, worker, "head.norm", channels: inputs)
        var hidden: [HiddenLayer] = []
        for (index, outputs) in configuration.headHidden.enumerated() {
            hidden.append(
                try HiddenLayer(
                    parameters, worker, index, inputs: inputs, outputs: outputs,
                    hasPReLU: configuration.architecture.hasPReLU))
            inputs = outputs
        }
        self.hidden = hidden
        last = try DenseLayer(
            parameters, worker, "head.\(configuration.headHidden.count)", inputs: inputs, outputs: 2)
    }

    /// [B, 2] of the last forward pass.
    var logits: Matrix {
        _read { yield last.output }
        _modify { yield &last.output }
    }

    /// Of the inputs [B, headInputSize] of the last backward pass.
    var toInput: Matrix {
        _read { yield norm.toInput }
    }

    /// Inputs [B, headInputSize] → logits [B, 2].
    func forward(_ inputs: borrowing Matrix, _ mode: Mode) {
        norm.forward(inputs)
        var below: HiddenLayer?
        for layer in hidden {
            if let below { layer.forward(below.output, mode) } else { layer.forward(norm.output, mode) }
            below = layer
        }
        if let below { last.forward(below.output) } else { last.forward(norm.output) }
    }

    /// Gradient of the logits [B, 2] → of the inputs.
    func backward(_ logits: borrowing Matrix, inputs: borrowing Matrix) {
        if let top = hidden.last {
            last.backward(logits, input: top.output)
        } else {
            last.backward(logits, input: norm.output)
        }
        var above = last
        for (index, layer) in hidden.enumerated().reversed() {
            if index > 0 {
                layer.backward(&above.toInput, input: hidden[index - 1].output)
            } else {
                layer.backward(&above.toInput, input: norm.output)
            }
            above = layer.dense
        }
        norm.backward(above.toInput, input: inputs)
    }
}

/// One hidden layer of the head.
final class HiddenLayer {
    let dense: DenseLayer
    private let activation: Activation

    private enum Activation {
        case dice(DiceLayer)
        case prelu(PReLULayer)
    }

    init(
        _ parameters: Parameters, _ worker: Worker, _ index: Int, inputs: Int, outputs: Int, hasPReLU: Bool
    ) throws(TrainingError) {
        dense = try DenseLayer(parameters, worker, "head.\(index)", inputs: inputs, outputs: outputs)
        let name = "head.activation\(index)"
        let alpha = try parameters.vector("\(name).alpha", 0..<outputs, of: outputs)
        activation =
            hasPReLU
            ? .prelu(PReLULayer(alpha: alpha, worker))
            : .dice(
                DiceLayer(
                    alpha: alpha, moments: try parameters.moments(name, channels: outputs), worker))
    }

    /// Of the last forward pass.
    var output: Matrix {
        _read {
            switch activation {
            case .dice(let dice): yield dice.output
            case .prelu(let prelu): yield prelu.output
            }
        }
    }

    func forward(_ input: borrowing Matrix, _ mode: Mode) {
        dense.forward(input)
        switch activation {
        case .dice(let dice): dice.forward(dense.output, mode)
        case .prelu(let prelu): prelu.forward(dense.output)
        }
    }

    /// The gradient of the output, which is spent → of the input, in ``dense``.
    func backward(_ gradient: inout Matrix, input: borrowing Matrix) {
        switch activation {
        case .dice(let dice): dice.backward(&gradient, input: dense.output)
        case .prelu(let prelu): prelu.backward(&gradient, input: dense.output)
        }
        dense.backward(gradient, input: input)
    }
}
