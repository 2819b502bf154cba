internal import Foundation

/// The line through a model's logits that makes its probabilities σ(slope · logit + intercept) calibrated.
///
/// It is that of maximum likelihood on samples that the model was not trained on, with the targets (N₊ + 1) / (N₊ + 2) and
/// 1 / (N₋ + 2) in place of 1 and 0, so that it is finite also where a threshold parts the classes (Platt, 1999).
public struct PlattScaling: Sendable, Equatable, Codable {
    /// What logits are multiplied by; above 0 where more of a logit means more clicks.
    public let slope: Double
    /// What is added.
    public let intercept: Double

    /// A line that is known.
    public init(slope: Double, intercept: Double) {
        self.slope = slope
        self.intercept = intercept
    }

    /// The line of these logits. Throws where one of the two classes is missing.
    public init(_ logits: LabelledScores) throws(MetricError) {
        try logits.checkBothClasses()
        let likelihood = Likelihood(logits)
        var line = PlattScaling(slope: 1, intercept: 0)
        for _ in 0..<Self.stepLimit {
            let (loss, gradient, hessian) = likelihood.derivatives(line)
            guard max(abs(gradient.slope), abs(gradient.intercept)) > Self.tolerance * Double(logits.count)
            else { break }
            let determinant = hessian.slope * hessian.intercept - hessian.mixed * hessian.mixed
            let step = PlattScaling(
                slope: (hessian.mixed * gradient.intercept - hessian.intercept * gradient.slope)
                    / determinant,
                intercept: (hessian.mixed * gradient.slope - hessian.slope * gradient.intercept) / determinant
            )
            let descent = gradient.slope * step.slope + gradient.intercept * step.intercept
            guard let next = likelihood.search(from: line, loss, along: step, descent) else { break }
            line = next
        }
        self = line
    }

    /// Newton's method doubles its right digits with each step.
    private static let stepLimit = 100
    /// Of the gradient's mean over samples.
    private static let tolerance = 1e-12

    /// slope · logit + intercept.
    public func callAsFunction(_ logit: Double) -> Double { slope * logit + intercept }
}

/// The negative logarithm of the likelihood of lines through logits, which is convex.
private struct Likelihood {
    private let logits: [Double]
    private let targets: [Double]
    /// Of the Hessian, so that logits that are all equal have a line too.
    private static let ridge = 1e-12

    init(_ samples: LabelledScores) {
        let clicked = (Double(samples.positives) + 1) / (Double(samples.positives) + 2)
        let other = 1 / (Double(samples.negatives) + 2)
        logits = samples.scores
        targets = samples.labels.map { $0 ? clicked : other }
    }

    func loss(_ line: PlattScaling) -> Double {
        zip(logits, targets).reduce(0) { sum, sample in
            let value = line(sample.0)
            return sum + max(value, 0) + log1p(exp(-abs(value))) - sample.1 * value
        }
    }

    /// With p = σ(slope · l + intercept): Σ (p - t) (l, 1), and Σ p (1 - p) (l, 1)(l, 1)ᵀ.
    func derivatives(
        _ line: PlattScaling
    ) -> (
        loss: Double, gradient: (slope: Double, intercept: Double),
        hessian: (slope: Double, mixed: Double, intercept: Double)
    ) {
        var gradient = (slope: 0.0, intercept: 0.0)
        var hessian = (slope: Self.ridge, mixed: 0.0, intercept: Self.ridge)
        for (logit, target) in zip(logits, targets) {
            let probability = 1 / (1 + exp(-line(logit)))
            gradient.slope += (probability - target) * logit
            gradient.intercept += probability - target
            let weight = probability * (1 - probability)
            hessian.slope += weight * logit * logit
            hessian.mixed += weight * logit
            hessian.intercept += weight
        }
        return (loss(line), gradient, hessian)
    }

    /// The first of the step, its half, its quarter … that lessens the loss enough (Armijo's condition), as far as rounding
    /// lets the loss tell; nil where none does.
    func search(
        from line: PlattScaling, _ loss: Double, along step: PlattScaling, _ descent: Double
    ) -> PlattScaling? {
        var length = 1.0
        let rounding = 1e-13 * loss
        while length > 1e-10 {
            let next = PlattScaling(
                slope: line.slope + length * step.slope, intercept: line.intercept + length * step.intercept)
            if self.loss(next) <= loss + 1e-4 * length * descent + rounding { return next }
            length /= 2
        }
        return nil
    }
}
