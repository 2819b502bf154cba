internal import Foundation

/// The gamma function and its incomplete form, from which χ² gets its tail.
enum GammaFunction {
    /// ln Γ(x), x > 0.
    static func logarithm(_ x: Double) -> Double { lgamma(x) }

    /// Q(a, x) = Γ(a, x) / Γ(a): the upper tail of a gamma distribution of shape a > 0 at x ≥ 0 (DLMF 8.2.4).
    static func upperTail(_ a: Double, _ x: Double) -> Double {
        guard x > 0 else { return 1 }
        let scale = exp(a * log(x) - x - lgamma(a))
        return x < a + 1 ? 1 - scale * series(a, x) : scale * fraction(a, x)
    }

    /// Σ xⁿ / (a (a + 1) … (a + n)) (DLMF 8.7.1).
    private static func series(_ a: Double, _ x: Double) -> Double {
        var term = 1 / a
        var sum = term
        var n = a
        while term > sum * 1e-17 {
            n += 1
            term *= x / n
            sum += term
        }
        return sum
    }

    /// The continued fraction of DLMF 8.9.2 by the modified method of Lentz.
    private static func fraction(_ a: Double, _ x: Double) -> Double {
        let tiny = 1e-300
        var b = x + 1 - a
        var c = 1 / tiny
        var d = 1 / b
        var value = d
        for i in 1...100_000 {
            let numerator = -Double(i) * (Double(i) - a)
            b += 2
            d = 1 / nonZero(numerator * d + b, tiny)
            c = nonZero(b + numerator / c, tiny)
            let factor = c * d
            value *= factor
            if abs(factor - 1) < 1e-16 { break }
        }
        return value
    }

    private static func nonZero(_ x: Double, _ tiny: Double) -> Double { abs(x) < tiny ? tiny : x }
}

/// The χ² distribution.
enum ChiSquared {
    /// P(X ≥ x) with this many degrees of freedom.
    static func upperTail(_ x: Double, degrees: Int) -> Double {
        GammaFunction.upperTail(Double(degrees) / 2, x / 2)
    }

    /// The x whose upper tail is `tail` in (0, 1), by bisection: monotone, so that it cannot fail.
    static func quantile(upperTail tail: Double, degrees: Int) -> Double {
        precondition(tail > 0 && tail < 1 && degrees > 0, "a tail lies between 0 and 1")
        var low = 0.0
        var high = Double(degrees) + 10
        while upperTail(high, degrees: degrees) > tail { high *= 2 }
        while true {
            let middle = (low + high) / 2
            guard middle > low, middle < high else { return middle }
            if upperTail(middle, degrees: degrees) > tail { low = middle } else { high = middle }
        }
    }
}
