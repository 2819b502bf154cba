internal import CKernels

/// The factors of every step of Adam so far: what a row of a table needs that has not been moved since an earlier one.
///
/// The memory is 36 bytes a step, whatever is trained.
public struct AdamTimeline: Sendable {
    /// Decay of the first moment.
    public let beta1: Double
    /// Decay of the second moment.
    public let beta2: Double
    /// Added to the root of the second moment, after its correction.
    public let epsilon: Double
    /// Decoupled weight decay: a step multiplies each value by 1 - lr · decay.
    public let decay: Double
    /// The learning rate of each step.
    public private(set) var learningRates: [Float] = []
    private var steps = [
        kernel_adam_factors(
            log_shrink: 0, step_size: 0, inverse_correction: 0, shrink: 1, first_power: 1, second_power: 1,
            root_power: 1)
    ]
    private var settled = 1
    private let horizon: Int

    /// Nothing has been stepped yet. Preconditions: both betas in 0..<1, epsilon above 0, decay not below 0.
    public init(beta1: Double, beta2: Double, epsilon: Double, decay: Double) {
        precondition((0..<1).contains(beta1) && (0..<1).contains(beta2), "a decay of a moment is below 1")
        precondition(epsilon > 0 && decay >= 0, "epsilon is above 0, weight decay not below")
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.decay = decay
        // An update by 1e-30 of a first moment cannot be told from none.
        horizon = beta1 > 0 ? Int(kernel_log_double(1e-30) / kernel_log_double(beta1)) : 0
    }

    /// Steps so far.
    public var count: Int { learningRates.count }

    /// Begins the next step. Precondition: 0 ≤ learningRate · decay < 1.
    public mutating func advance(learningRate: Float) {
        let before = steps[count]
        let step = Double(count + 1)
        let shrink = 1 - Double(learningRate) * decay
        precondition(learningRate >= 0 && shrink > 0, "no such learning rate")
        learningRates.append(learningRate)
        let factors = kernel_adam_factors(
            log_shrink: before.log_shrink + kernel_log_double(shrink),
            step_size: Float(Double(learningRate) / (1 - kernel_pow_double(beta1, step))),
            inverse_correction: Float(1 / (1 - kernel_pow_double(beta2, step)).squareRoot()),
            shrink: Float(shrink), first_power: Float(kernel_pow_double(beta1, step)),
            second_power: Float(kernel_pow_double(beta2, step)),
            root_power: Float(kernel_pow_double(beta2, step / 2)))
        steps.append(factors)
        guard count > 1 else { return }
        // The largest that an update without gradient can be in proportion to the one before it, whatever the moments.
        let roots = Double(before.inverse_correction / factors.inverse_correction) / beta2.squareRoot()
        let growth = beta1 * max(1, roots) * Double(factors.step_size)
        if growth > 0.999 * Double(before.step_size) { settled = count }
    }

    /// The latest step; gradients are multiplied by `scale`, and only what is `decaying` shrinks.
    func step(scale: Float, decaying: Bool) -> kernel_adam_step {
        let correction = (1 - kernel_pow_double(beta2, Double(count))).squareRoot()
        return kernel_adam_step(
            first_mix: Float(1 - beta1), second_keep: Float(beta2), second_mix: Float(1 - beta2),
            step_size: steps[count].step_size, correction: Float(correction), epsilon: Float(epsilon),
            shrink: decaying ? steps[count].shrink : 1, scale: scale)
    }

    /// All steps as the kernels take them, valid inside `body` alone.
    func withSteps(_ body: (UnsafePointer<kernel_adam_timeline>) -> Void) {
        unsafe steps.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            var timeline = unsafe kernel_adam_timeline(
                steps: base, horizon: horizon, settled: settled, epsilon: Float(epsilon),
                decays: decay > 0 ? 1 : 0)
            unsafe withUnsafePointer(to: &timeline) { unsafe body($0) }
        }
    }
}
