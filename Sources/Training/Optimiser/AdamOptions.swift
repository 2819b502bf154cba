/// The constants of Adam; the defaults are those of the authors' program.
public struct AdamOptions: Sendable, Equatable {
    /// The learning rate before any schedule.
    public var learningRate: Float
    /// Decay of the mean of the gradients, in 0..<1.
    public var beta1: Double
    /// Decay of the mean of their squares, in 0..<1.
    public var beta2: Double
    /// Added to the root of the corrected second moment, as torch.optim.Adam does; above 0.
    public var epsilon: Double
    /// Decoupled weight decay, as in AdamW (arXiv 1711.05101): a step first multiplies weights and embeddings, but no
    /// vector (bias, alpha, gamma, beta), by 1 - lr · weightDecay. 0: none, as in the authors' program.
    ///
    /// Not an L2 term in the loss: Adam would divide it by the root of the second moment, and every row of every table
    /// would have a gradient at every step.
    public var weightDecay: Double
    /// Gradients are scaled so that the norm of all of them together, a row's summed first, is at most this;
    /// nil: never, as in the authors' program.
    public var clipNorm: Double?

    /// These constants.
    public init(
        learningRate: Float = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
        weightDecay: Double = 0, clipNorm: Double? = nil
    ) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.clipNorm = clipNorm
    }
}
