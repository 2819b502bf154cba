internal import Foundation

/// The standard normal distribution.
enum NormalDistribution {
    /// P(|Z| ≥ |z|).
    static func twoSidedP(_ z: Double) -> Double { erfc(abs(z) / 2.0.squareRoot()) }

    /// The x that a draw stays below with this probability, which lies in (0, 1).
    static func quantile(_ probability: Double) -> Double {
        precondition(probability > 0 && probability < 1, "a probability lies between 0 and 1")
        guard probability != 0.5 else { return 0 }
        let x = criticalValue(confidence: abs(2 * probability - 1))
        return probability > 0.5 ? x : -x
    }

    /// P(Z < z).
    static func lowerTail(_ z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }

    /// The half-width, in standard errors, of an interval of this confidence; precondition: it lies in (0, 1).
    ///
    /// Newton's method on the logarithm of the upper tail, which is concave: from 0 on, every step after the first
    /// comes from the same side.
    static func criticalValue(confidence: Double) -> Double {
        precondition(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1")
        let tail = (1 - confidence) / 2
        var x = 0.0
        for _ in 0..<60 {
            let upper = erfc(x / 2.0.squareRoot()) / 2
            let density = exp(-x * x / 2) / (2 * Double.pi).squareRoot()
            let step = log(upper / tail) * upper / density
            x += step
            if abs(step) <= 1e-15 * max(1, x) { break }
        }
        return x
    }
}
