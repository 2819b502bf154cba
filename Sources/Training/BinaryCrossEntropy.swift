internal import Tensors

/// The cross entropy of a click and the logit l = z0 - z1, in the form that does not overflow.
enum BinaryCrossEntropy {
    /// -y log σ(l) - (1 - y) log(1 - σ(l)) = log(1 + e^l) - y l
    static func loss(logit: Double, label: Double) -> Double { Logistic.softplus(logit) - label * logit }

    /// σ(l) - y
    static func slope(logit: Double, label: Double) -> Double { Logistic.sigmoid(logit) - label }
}
