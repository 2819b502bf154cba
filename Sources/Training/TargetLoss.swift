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
        let logits = Self.differences(values)
        var gradient = Matrix(rows: values.rows, columns: 2)
        var loss = 0.0
        for (b, label) in labels.enumerated() {
            // -y log σ(l) - (1 - y) log(1 - σ(l)) = log(1 + e^l) - y l, which does not overflow; its slope is σ(l) - y.
            let logit = Double(logits[b])
            loss += Logistic.softplus(logit) - Double(label) * logit
            let slope = Logistic.sigmoid(logit) - Double(label)
            gradient[b, 0] = Float(slope / Double(labels.count))
            gradient[b, 1] = -gradient[b, 0]
        }
        self.loss = loss / Double(max(labels.count, 1))
        self.logits = logits
        self.gradient = gradient
    }

    /// z0 - z1 of each row.
    static func differences(_ values: borrowing Matrix) -> [Float] {
        var logits: [Float] = []
        logits.reserveCapacity(values.rows)
        for b in 0..<values.rows { logits.append(values[b, 0] - values[b, 1]) }
        return logits
    }
}
