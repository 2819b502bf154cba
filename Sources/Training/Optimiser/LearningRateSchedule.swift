/// The learning rate of each step.
public struct LearningRateSchedule: Sendable, Equatable {
    /// What happens to it from one epoch to the next.
    public enum Decay: String, Sendable, CaseIterable {
        /// Nothing.
        case constant
        /// It is halved, as in the authors' program.
        case halved
    }

    /// The rate of the first epoch after its warm-up.
    public var base: Float
    /// From one epoch to the next.
    public var decay: Decay
    /// Steps over which the rate rises linearly to what it would be; 0: none.
    public var warmUpSteps: Int

    /// A schedule; the defaults are the authors' program's.
    public init(base: Float = 1e-3, decay: Decay = .halved, warmUpSteps: Int = 0) {
        self.base = base
        self.decay = decay
        self.warmUpSteps = warmUpSteps
    }

    /// The rate of a step; steps and epochs count from 0, steps from the start of the training.
    public func rate(step: Int, epoch: Int) -> Float {
        var rate = base
        if decay == .halved { for _ in 0..<epoch { rate /= 2 } }
        guard step < warmUpSteps else { return rate }
        return rate * Float(step + 1) / Float(warmUpSteps)
    }
}
