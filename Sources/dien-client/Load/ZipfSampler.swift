import RandomNumbers
import Foundation

/// Draws ranks 1...count, rank k with a probability proportional to k^-exponent.
///
/// Rejection-inversion of Hörmann and Derflinger ("Rejection-inversion to generate variates from monotone discrete
/// distributions", 1996): constant time and no table, for any count and any exponent from 0 (uniform) on.
struct ZipfSampler {
    let count: UInt64
    let exponent: Double
    /// The hat's integral at the ends of its range, of which the numbers to invert are drawn.
    private let first: Double
    private let last: Double
    /// Below this distance from a rank its part of the hat is accepted without a look.
    private let squeeze: Double

    init(count: UInt64, exponent: Double) {
        self.count = max(count, 1)
        self.exponent = exponent
        first = Self.integral(1.5, exponent) - 1
        last = Self.integral(Double(self.count) + 0.5, exponent)
        squeeze = 2 - Self.inverse(Self.integral(2.5, exponent) - pow(2, -exponent), exponent)
    }

    func rank(_ random: inout SplitMix64) -> UInt64 {
        while true {
            let drawn = last + random.unit() * (first - last)
            let place = Self.inverse(drawn, exponent)
            let rank = min(max(place.rounded(), 1), Double(count))
            if rank - place <= squeeze
                || drawn >= Self.integral(rank + 0.5, exponent) - pow(rank, -exponent)
            {
                return min(UInt64(rank), count)
            }
        }
    }

    /// The integral of x^-exponent, (x^(1 - exponent) - 1) / (1 - exponent), also where the exponent is near 1.
    private static func integral(_ x: Double, _ exponent: Double) -> Double {
        let logarithm = log(x)
        let power = (1 - exponent) * logarithm
        return abs(power) > 1e-8 ? expm1(power) / (1 - exponent) : logarithm * (1 + power / 2)
    }

    private static func inverse(_ value: Double, _ exponent: Double) -> Double {
        let scaled = max(value * (1 - exponent), -1)
        return exp(abs(scaled) > 1e-8 ? log1p(scaled) / (1 - exponent) : value * (1 - scaled / 2))
    }
}
