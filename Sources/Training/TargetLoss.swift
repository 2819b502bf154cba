internal import Tensors

/// The mean cross entropy of the clicks over a batch; class 0 of two logits is the click.
struct TargetLoss: ~Copyable {
    let loss: Double
    /// z0 - z1 of each sample.
    let logits: [Float]
    /// Of the two logits, [B, 2]: (σ(z0 - z1) - y) / B, and its opposite.
    let gradient: Matrix

    /// Logits [B, 2].
    init(_ values: borrowing Matrix, _ labels: [Float]) {
        var gradient = Matrix(rows: values.rows, columns: 2)
        var logits: [Float] = []
        var loss = 0.0
        for (b, label) in labels.enumerated() {
            let logit = Double(values[b, 0]) - Double(values[b, 1])
            logits.append(Float(logit))
            loss += BinaryCrossEntropy.loss(logit: logit, label: Double(label))
            let slope = BinaryCrossEntropy.slope(logit: logit, label: Double(label))
            gradient[b, 0] = Float(slope / Double(labels.count))
            gradient[b, 1] = -gradient[b, 0]
        }
        self.loss = loss / Double(max(labels.count, 1))
        self.logits = logits
        self.gradient = gradient
    }
}

/// The wide half of a wide and deep model: a linear layer on [e, s, e ∘ s], added to the two logits.
struct WideLayer {
    let dense: DenseLayer
    private let input = HeadInputLayer(hasProduct: true)

    init(dense: DenseLayer) { self.dense = dense }

    /// Targets and sums [B, D]; logits [B, 2].
    func add(
        to logits: inout Matrix, targets: borrowing Matrix, sums: borrowing Matrix, _ kernels: Kernels
    ) {
        logits.add(dense.forward(inputs(targets, sums), kernels))
    }

    /// Gradient of the logits; adds to those of targets and sums.
    func backward(
        _ logits: borrowing Matrix, targets: borrowing Matrix, sums: borrowing Matrix,
        toTargets: inout Matrix, toSums: inout Matrix, _ kernels: Kernels
    ) {
        let gradient = dense.backward(logits, input: inputs(targets, sums), kernels)
        let parts = input.backward(gradient, user: 0, targets: targets, sums: sums)
        toTargets.add(parts.targets)
        toSums.add(parts.sums)
    }

    private func inputs(_ targets: borrowing Matrix, _ sums: borrowing Matrix) -> Matrix {
        input.forward(
            user: .empty, targets: targets, sums: sums, interests: Matrix(rows: targets.rows, columns: 0))
    }
}
